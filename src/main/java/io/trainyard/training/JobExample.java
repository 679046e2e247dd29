package io.trainyard.training;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.UUID;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Gives the operations on one job the newest job's id as their example, so that they work when one tries them. */
@Component
@Profile("api")
class JobExample implements OpenApiCustomizer {

    private final JobRows jobs;

    JobExample(JobRows jobs) {
        this.jobs = jobs;
    }

    @Override
    public void customise(OpenAPI document) {
        List<JobRow> newest = jobs.page(null, null, null, null, null, 1);
        if (newest.isEmpty()) {
            return;
        }
        UUID id = newest.get(0).id;
        document.getPaths().forEach((path, item) -> {
            if (path.startsWith("/api/v1/jobs/{id}")) {
                item.readOperations().forEach(operation -> operation.getParameters().stream()
                        .filter(parameter -> parameter.getName().equals("id"))
                        .forEach((Parameter parameter) -> parameter.setExample(id.toString())));
            }
        });
    }
}
