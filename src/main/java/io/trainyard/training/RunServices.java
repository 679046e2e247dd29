package io.trainyard.training;

import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Checkpoints;
import io.trainyard.dataset.Datasets;
import io.trainyard.engine.Engine;
import io.trainyard.model.Models;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What a run works with. */
@Component
@Profile("worker")
record RunServices(
        Datasets datasets,
        Engine engine,
        Artifacts artifacts,
        Checkpoints checkpoints,
        Models models,
        Blueprints blueprints,
        EpochMetricsRows epochs,
        TrainingProperties properties,
        RunMeters meters,
        JobTraces traces,
        TransactionTemplate transaction,
        JsonMapper json) {}
