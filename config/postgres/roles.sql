-- The two roles of docs/security.md, in a new database, by its administrator; run again it changes their passwords.
-- docker-compose.yml has it run when it makes its volume, with the passwords as files. Elsewhere they are variables:
--   MIGRATION_PASSWORD=$(cat FILE) APPLICATION_PASSWORD=$(cat FILE) psql -d trainyard -v ON_ERROR_STOP=1 -f roles.sql
-- A database more, with the roles as they are, needs no passwords.

\set migration_password `printf %s "${MIGRATION_PASSWORD:-$(cat /run/secrets/spring.flyway.password 2>/dev/null)}"`
\set application_password `printf %s "${APPLICATION_PASSWORD:-$(cat /run/secrets/spring.datasource.password 2>/dev/null)}"`

-- trainyard_migration owns the schema and changes it, in the API process, at its start. trainyard reads and writes rows: all else
-- that the program does; the program itself gives it what it needs of each table.
select case
    when password <> '' then
        format('%s role %I login password %L', case when there then 'alter' else 'create' end, name, password)
    when not there then
        format('do $$ begin raise exception %L; end $$', format('%s is not set', variable))
end
from (values
    ('trainyard_migration', :'migration_password', 'MIGRATION_PASSWORD'),
    ('trainyard', :'application_password', 'APPLICATION_PASSWORD')) as role (name, password, variable)
cross join lateral (select exists (select from pg_roles where rolname = name) as there) as known \gexec

select current_database() as database \gset
revoke all on database :"database" from public;
grant connect on database :"database" to trainyard_migration, trainyard;
revoke all on schema public from public;
alter schema public owner to trainyard_migration;
