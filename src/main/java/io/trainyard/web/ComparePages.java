package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.training.JobFilter;
import io.trainyard.training.JobKind;
import io.trainyard.training.JobView;
import io.trainyard.training.TrainingJobs;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Several jobs' curves over each other, and where their specs differ. */
@Controller
@Profile("api")
@Hidden
class ComparePages {

    /** As many as there are colours to tell curves apart by. */
    private static final int MOST = 8;

    private static final int OFFERED = 50;

    private final TrainingJobs jobs;
    private final Access access;
    private final JsonMapper json;

    ComparePages(TrainingJobs jobs, Access access, JsonMapper json) {
        this.access = access;
        this.jobs = jobs;
        this.json = json;
    }

    @GetMapping("/jobs/compare")
    String compare(
            @RequestParam(name = "id", required = false) @Nullable List<UUID> ids,
            HttpServletRequest request,
            Actor actor,
            Model page) {
        List<JobView> compared = ids == null
                ? List.of()
                : ids.stream()
                        .filter(Objects::nonNull)
                        .distinct()
                        .limit(MOST)
                        .map(id -> {
                            access.checkRead(actor, Kind.JOB, id.toString());
                            return jobs.get(id);
                        })
                        .toList();
        List<UUID> shown = compared.stream().map(JobView::id).toList();
        List<JobView> others =
                jobs.page(new JobFilter(JobKind.TRAINING, null, null, null), null, OFFERED, actor).stream()
                        .filter(job -> !shown.contains(job.id()))
                        .toList();
        page.addAttribute("jobs", compared);
        page.addAttribute("ids", shown);
        page.addAttribute("last", jobs.lastMetrics(shown));
        page.addAttribute("others", others);
        page.addAttribute("room", compared.size() < MOST);
        page.addAttribute("left", ids == null ? 0 : ids.size() - compared.size());
        page.addAttribute(
                "differences",
                SpecDifference.between(compared.stream()
                        .<JsonNode>map(job -> json.valueToTree(job.spec()))
                        .toList()));
        return Fragments.wanted(request) ? "compare :: compared" : "compare";
    }
}
