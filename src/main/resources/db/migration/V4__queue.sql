-- How many epochs a job is to train: with the pace of others before it, when it will end.
alter table job add column epochs integer;
update job set epochs = (spec -> 'training' ->> 'epochs')::integer;
alter table job alter column epochs set not null;

-- The version of an entry in the queue is its guard. A job that is queued anew gets one that no entry of it had before.
create sequence queue_entry_version start 1000000 increment 1000000;

-- A key is taken and answered in one transaction: there is no request in flight.
delete from idempotency_key where response is null;
alter table idempotency_key alter column response set not null;
alter table idempotency_key rename column claimed_at to answered_at;
