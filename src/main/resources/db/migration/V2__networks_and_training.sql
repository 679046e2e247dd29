-- What a row asks for is a class or a number.
update dataset_version
set content = (content - 'classes')
    || jsonb_build_object('target', jsonb_build_object('type', 'classes', 'names', content -> 'classes'));

alter table model_version add column target jsonb;
update model_version set target = jsonb_build_object('type', 'classes', 'names', classes);
alter table model_version alter column target set not null;
alter table model_version drop column classes;
update model_version
set evaluation = evaluation
    || jsonb_build_object(
        'task', 'classification',
        'metrics', jsonb_build_object('accuracy', evaluation -> 'accuracy'));

-- Metrics are as many as the job asks for.
alter table epoch_metrics add column metrics jsonb not null default '{}';
update epoch_metrics
set metrics = jsonb_strip_nulls(
    jsonb_build_object('train_accuracy', train_accuracy, 'val_accuracy', val_accuracy));
alter table epoch_metrics drop column train_accuracy, drop column val_accuracy;
