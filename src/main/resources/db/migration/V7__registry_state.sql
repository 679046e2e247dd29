-- A number that changes with every version and alias that comes, goes or moves, in the same transaction: who has seen it
-- unchanged knows that what else was read of the registry is still so.
create table registry_state (changes bigint not null);
insert into registry_state values (0);

create function count_registry_change() returns trigger language plpgsql as $$
begin
    update registry_state set changes = changes + 1;
    return null;
end $$;
create trigger version_changed after insert or delete on model_version
    for each statement execute function count_registry_change();
create trigger alias_changed after insert or update or delete on model_alias
    for each statement execute function count_registry_change();
