-- How many epochs a job is to train: with the pace of others before it, when it will end.
alter table job add column epochs integer;
update job set epochs = (spec -> 'training' ->> 'epochs')::integer;
alter table job alter column epochs set not null;
