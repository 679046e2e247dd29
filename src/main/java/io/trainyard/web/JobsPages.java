package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Actor;
import io.trainyard.diagnosis.Diagnoses;
import io.trainyard.training.AcceptedSpec;
import io.trainyard.training.EpochMetrics;
import io.trainyard.training.JobCursor;
import io.trainyard.training.JobFilter;
import io.trainyard.training.JobSpec;
import io.trainyard.training.JobStatus;
import io.trainyard.training.JobView;
import io.trainyard.training.TrainingJobs;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of jobs, and a job with its curves. */
@Controller
@Profile("api")
@Hidden
class JobsPages {

    private static final int PAGE = 25;
    private static final int LOG_LINES = 200;
    private static final int MOST_EPOCHS = 500;

    private final TrainingJobs jobs;
    private final Diagnoses diagnoses;

    JobsPages(TrainingJobs jobs, Diagnoses diagnoses) {
        this.jobs = jobs;
        this.diagnoses = diagnoses;
    }

    @GetMapping("/")
    String home() {
        return "redirect:/jobs";
    }

    @GetMapping("/jobs")
    String list(
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable JobStatus status,
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable String cursor,
            HttpServletRequest request,
            Actor actor,
            Model page) {
        JobFilter filter = JobFilter.of(Show.given(kind), status, Show.given(model), Show.given(label));
        String from = Show.given(cursor);
        List<JobView> found = jobs.page(filter, from == null ? null : JobCursor.parse(from), PAGE + 1, actor);
        List<JobView> items = found.stream().limit(PAGE).toList();
        page.addAttribute("jobs", items);
        page.addAttribute(
                "last", jobs.lastMetrics(items.stream().map(JobView::id).toList()));
        page.addAttribute(
                "older",
                found.size() > PAGE ? JobCursor.after(items.get(PAGE - 1)).toString() : null);
        page.addAttribute("filtered", !filter.equals(new JobFilter(null, null, null, null)) || from != null);
        page.addAttribute("statuses", JobStatus.values());
        return Fragments.wanted(request) ? "jobs :: list" : "jobs";
    }

    @GetMapping("/jobs/{id}")
    String job(@PathVariable UUID id, HttpServletRequest request, Model page) {
        JobView job = jobs.get(id);
        AcceptedSpec spec = job.spec();
        page.addAttribute("job", job);
        page.addAttribute("training", spec instanceof JobSpec training ? training : null);
        return Fragments.wanted(request) ? "job :: overview" : "job";
    }

    /** What the curves show. */
    @GetMapping("/jobs/{id}/diagnosis")
    String diagnosis(@PathVariable UUID id, Model page) {
        page.addAttribute("id", id);
        page.addAttribute("diagnosis", diagnoses.of(id));
        return "job :: doctor";
    }

    /** The end of the latest attempt's log. */
    @GetMapping("/jobs/{id}/log")
    String log(@PathVariable UUID id, Model page) {
        List<String> lines = jobs.logEnd(id, LOG_LINES + 1);
        page.addAttribute("id", id);
        page.addAttribute("earlier", lines.size() > LOG_LINES);
        page.addAttribute("lines", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        return "job :: log";
    }

    /** The end of the curves as a table, for those who cannot see them. */
    @GetMapping("/jobs/{id}/epochs")
    String epochs(@PathVariable UUID id, Model page) {
        EpochMetrics last = jobs.lastMetrics(List.of(id)).get(id);
        int before = last == null ? 0 : Math.max(0, last.epoch() - MOST_EPOCHS);
        page.addAttribute("id", id);
        page.addAttribute("earlier", before > 0);
        page.addAttribute("epochs", jobs.metrics(id, before, MOST_EPOCHS));
        return "job :: epochs";
    }
}
