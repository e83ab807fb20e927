pytest_plugins = ["tests.servers", "tests.not_run", "tests.databases", "tests.worlds"]
