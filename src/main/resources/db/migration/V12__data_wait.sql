alter table epoch_metrics add column data_wait_seconds double precision;
comment on column epoch_metrics.data_wait_seconds is
    'of duration_seconds, how long the network waited for rows; null for epochs of earlier releases';
