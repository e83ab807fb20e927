"""The fictitious board's ways to meet by video: a room of this very server, a server, addresses made elsewhere."""

from __future__ import annotations

from intervention.domain.ids import new_secret
from intervention.domain.permissions import Actor
from intervention.ports import AccountField
from intervention.records.vault import Keyring
from intervention.usecases.demo_world.board import MAIL_DOMAIN
from intervention.usecases.video_accounts import AddVideoAccount, add
from intervention.usecases.work import Work


def lay_video(work: Work, administrator: Actor, keys: Keyring) -> None:
    """Three accounts, the first is used. The server's name is of the domain `.example`: nobody answers there."""
    stand_in = AddVideoAccount("demonstration", "Salle de démonstration", (), {}, is_revocable=True)
    own_server = AddVideoAccount(
        provider="jitsi",
        label="Serveur vidéo du CSS",
        fields=(
            AccountField("address", is_required=True),
            AccountField("app_id"),
            AccountField("secret", is_secret=True),
        ),
        values={"address": f"https://visio.{MAIL_DOMAIN}", "app_id": "intervention", "secret": new_secret()},
        is_revocable=True,
    )
    made_elsewhere = AddVideoAccount(
        provider="fixed_link",
        label="Adresse créée ailleurs (Teams, Meet, Zoom)",
        fields=(AccountField("address", is_secret=True),),
        values={"address": "https://reunions.exemple.example/caps-et-rivieres/salle-commune"},
        leaves_quebec=True,
    )
    for ask in (stand_in, own_server, made_elsewhere):
        add(work, administrator, keys, ask)
