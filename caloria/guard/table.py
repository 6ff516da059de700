"""The questions in the order in which they are asked. The first phase that refuses decides."""

from caloria.guard import configuration, connection, identity, pooler, schema, two_ways

ADDRESS = (
    configuration.settings_can_be_used,
    configuration.sqlite_is_not_production,
    configuration.memory_is_for_tests,
    configuration.other_machines_are_reached_over_tls,
)
CONFIGURATION = (
    *ADDRESS,
    configuration.secret_key_is_secret,
    configuration.debugging_is_off,
    configuration.hosts_are_named,
    configuration.cookies_travel_encrypted,
    configuration.mail_is_set_up,
    configuration.one_source_wins,
)
CONNECTION = (
    connection.database_can_be_written,
    connection.encoding_is_utf8,
    connection.server_is_supported,
    connection.role_is_no_superuser,
)
TABLES = (
    schema.it_is_not_empty,
    schema.its_tables_have_a_revision,
    schema.its_tables_are_ours,
    schema.it_has_one_revision,
)
# What changes a whole database locks by session, and must not change another one.
DIRECT = (pooler.it_is_reached_directly, two_ways.it_is_the_apps_too)
# A migration is written, and taken back, while tables and models differ.
MIGRATING = (*DIRECT, *TABLES, schema.its_revision_is_known, schema.it_is_not_behind)
SCHEMA = (
    *TABLES,
    schema.it_is_not_too_new,
    schema.it_is_not_behind,
    schema.its_tables_are_as_written,
    schema.its_rows_can_be_written,
    schema.no_transfer_is_under_way,
)
IDENTITY = (
    identity.it_has_an_identity,
    identity.it_is_not_retired,
    identity.it_is_of_this_environment,
    identity.it_is_pinned,
    identity.it_is_the_pinned_one,
    identity.it_stands_where_it_was_made,
)
