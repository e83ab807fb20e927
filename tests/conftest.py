pytest_plugins = ["tests.servers", "tests.not_run", "tests.hypothesis_profile", "tests.databases", "tests.worlds"]
