package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.dataset.Datasets;
import io.trainyard.diagnosis.Diagnoses;
import io.trainyard.network.Presets;
import io.trainyard.training.JobSpec;
import io.trainyard.training.TrainingJobs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where a job's spec is written, checked while it is written, and posted. */
@Controller
@Profile("api")
@Hidden
class NewJobPages {

    private static final String DATASET = "digits";
    private static final String PRESET = "rung-9";

    private final Access access;
    private final TrainingJobs jobs;
    private final Diagnoses diagnoses;
    private final Datasets datasets;
    private final Presets presets;

    NewJobPages(Access access, TrainingJobs jobs, Diagnoses diagnoses, Datasets datasets, Presets presets) {
        this.access = access;
        this.jobs = jobs;
        this.diagnoses = diagnoses;
        this.datasets = datasets;
        this.presets = presets;
    }

    /**
     * Begins with the spec of a job that is cloned, with a change that the curve doctor suggests, or with a preset.
     *
     * @param from the job
     * @param finding of its diagnosis, whose {@code suggestion} is followed
     */
    @GetMapping("/jobs/new")
    String write(
            @RequestParam(required = false) @Nullable UUID from,
            @RequestParam(required = false) @Nullable String finding,
            @RequestParam(required = false) @Nullable String suggestion,
            @RequestParam(defaultValue = DATASET) String dataset,
            @RequestParam(defaultValue = PRESET) String preset,
            Actor actor,
            Model page) {
        if (from != null) {
            access.checkRead(actor, Kind.JOB, from.toString());
        }
        page.addAttribute("datasets", datasets.names(actor));
        page.addAttribute("presets", presets.all());
        page.addAttribute("spec", from == null ? fresh(dataset, preset) : spec(from, finding, suggestion));
        page.addAttribute("from", from);
        return "new-job";
    }

    private static Map<String, Object> fresh(String dataset, String preset) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("model", dataset);
        spec.put("dataset", dataset);
        spec.put("network", Map.of("preset", preset));
        spec.put("training", Map.of("epochs", 10));
        return spec;
    }

    private @Nullable Object spec(UUID from, @Nullable String finding, @Nullable String suggestion) {
        if (finding != null && suggestion != null) {
            return diagnoses.changedSpec(from, finding, suggestion);
        }
        // A batch prediction is not written here.
        return jobs.spec(from) instanceof JobSpec spec ? spec : null;
    }
}
