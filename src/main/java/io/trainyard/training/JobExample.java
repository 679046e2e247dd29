package io.trainyard.training;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.trainyard.access.CurrentActor;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Gives the operations on one job the newest one's id as their example, so that they work when one tries them. */
@Component
@Profile("api")
class JobExample implements OpenApiCustomizer {

    private final JobRows jobs;
    private final CurrentActor actor;

    JobExample(JobRows jobs, CurrentActor actor) {
        this.jobs = jobs;
        this.actor = actor;
    }

    @Override
    public void customise(OpenAPI document) {
        document.getPaths().forEach((path, item) -> {
            if (path.startsWith("/api/v1/jobs/{id}")) {
                item.readOperations().forEach(operation -> example(operation, null));
            } else if (path.startsWith(BatchPredictionsController.PATH + "/{id}")) {
                item.readOperations().forEach(operation -> example(operation, JobKind.BATCH_PREDICTION));
            }
        });
    }

    private void example(Operation operation, @Nullable JobKind kind) {
        for (JobRow newest :
                jobs.page(actor.get().only(), kind == null ? null : kind.name(), null, null, null, null, null, 1)) {
            operation.getParameters().stream()
                    .filter(parameter -> parameter.getName().equals("id"))
                    .forEach((Parameter parameter) -> parameter.setExample(newest.id.toString()));
        }
    }
}
