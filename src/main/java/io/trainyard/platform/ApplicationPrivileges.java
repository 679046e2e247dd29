package io.trainyard.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.springframework.stereotype.Component;

/**
 * After every migration the role that the data source connects as is given what the program needs of each table and
 * sequence, and what it had beyond that is taken away: rows can be read and written, but of a table whose comment has the
 * word {@code append-only} none can be changed or deleted, and nothing can be done to Flyway's history or to the schema.
 * Where the same role migrates and runs there is nothing to give.
 */
@Component
class ApplicationPrivileges implements Callback {

    private static final String SETTINGS = """
            select set_config('trainyard.application_role', ?, true), set_config('trainyard.history', ?, true)""";

    private static final String GRANTS = """
            do $$
            declare
                application constant name := current_setting('trainyard.application_role');
                history constant name := current_setting('trainyard.history');
                schema constant regnamespace := current_schema()::regnamespace;
                part record;
            begin
                if application = current_user then
                    return;
                end if;
                -- Two API processes that start at once would change the same rows of the catalogue.
                perform pg_advisory_xact_lock(hashtext('trainyard.privileges'));
                if has_schema_privilege('public', schema, 'create')
                        and pg_has_role((select nspowner from pg_namespace where oid = schema), 'usage') then
                    execute format('revoke create on schema %s from public', schema);
                end if;
                if not has_schema_privilege(application, schema, 'usage') then
                    execute format('grant usage on schema %s to %I', schema, application);
                end if;
                for part in
                    select oid::regclass as name, relkind = 'S' as sequence, relkind in ('v', 'm') as view,
                        relname = history as history,
                        coalesce(obj_description(oid, 'pg_class') ~ '\\yappend-only\\y', false) as append_only
                    from pg_class
                    where relnamespace = schema and relkind in ('r', 'p', 'v', 'm', 'S')
                        and pg_has_role(relowner, 'usage')
                loop
                    execute format('revoke all on %s from %I', part.name, application);
                    execute format('grant %s on %s to %I',
                        case
                            when part.sequence then 'usage'
                            when part.view or part.history then 'select'
                            when part.append_only then 'select, insert'
                            else 'select, insert, update, delete'
                        end,
                        part.name, application);
                end loop;
                if has_schema_privilege(application, schema, 'create') or exists (
                        select from pg_class where relnamespace = schema and pg_has_role(application, relowner, 'member'))
                then
                    raise warning 'role "%" can change the schema, or what is append-only: see docs/security.md',
                        application;
                end if;
            end $$""";

    private final DataSource application;

    ApplicationPrivileges(DataSource application) {
        this.application = application;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        Connection migration = context.getConnection();
        try (PreparedStatement settings = migration.prepareStatement(SETTINGS);
                Statement grants = migration.createStatement()) {
            settings.setString(1, role());
            settings.setString(2, context.getConfiguration().getTable());
            settings.execute();
            grants.execute(GRANTS);
        } catch (SQLException e) {
            throw new FlywayException("the application's role could not be given its privileges", e);
        }
    }

    private String role() throws SQLException {
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select current_user")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public String getCallbackName() {
        return "application-privileges";
    }
}
