import pytest

from intervention.domain.feeds import AUDIENCE_OF, ClientFamily, FeedDetail, family_of, initials


@pytest.mark.parametrize(
    ("label", "letters"),
    [
        ("Anse-aux-Lièvres", "AL"),
        ("École Notre-Dame-de-Bonsecours", "ÉNDB"),
        ("le petit phare", "LPP"),
        ("Pavillon 2", "P"),
        ("Saint-Cœur-de-Marie de la Haute-Côte-Nord", "SCMHC"),
        ("", ""),
        ("123", ""),
    ],
)
def test_initials_are_the_capitals_of_a_name(label: str, letters: str) -> None:
    assert initials(label) == letters


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Google-Calendar-Importer", ClientFamily.GOOGLE),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1)", ClientFamily.OUTLOOK),
        ("Microsoft.Exchange/15.20 (MicrosoftNT 6.1; 64bit)", ClientFamily.OUTLOOK),
        ("iOS/17.5 (21F79) dataaccessd/1.0", ClientFamily.APPLE),
        ("macOS/14.5 (23F79) CalendarAgent/1008", ClientFamily.APPLE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0", ClientFamily.THUNDERBIRD),
        ("Evolution/3.46.4", ClientFamily.EVOLUTION),
        ("ICSx5/2.2.4 (ical4j/4 okhttp/4) Android/14", ClientFamily.ANDROID),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0", ClientFamily.BROWSER),
        ("", ClientFamily.OTHER),
        ("curl/8", ClientFamily.OTHER),
    ],
)
def test_a_program_is_known_by_its_family(agent: str, family: ClientFamily) -> None:
    assert family_of(agent) is family


def test_every_detail_has_its_audience() -> None:
    assert set(AUDIENCE_OF) == set(FeedDetail)
