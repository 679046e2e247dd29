-- The two roles of docs/security.md, in a new database, by its administrator. docker-compose.yml has it run when it makes
-- its volume. Elsewhere: psql -d trainyard -v ON_ERROR_STOP=1 -f roles.sql, with the passwords in the two files named here.

\set migration_password `cat /run/secrets/spring.flyway.password`
\set application_password `cat /run/secrets/spring.datasource.password`

-- Owns the schema and changes it, in the API process, at its start.
create role trainyard_migration login password :'migration_password';
-- Reads and writes rows: all else that the program does. The program itself gives it what it needs of each table.
create role trainyard login password :'application_password';

select current_database() as database \gset
revoke all on database :"database" from public;
grant connect on database :"database" to trainyard_migration, trainyard;
revoke all on schema public from public;
alter schema public owner to trainyard_migration;
