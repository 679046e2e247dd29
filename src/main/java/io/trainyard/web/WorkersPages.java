package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Actor;
import io.trainyard.training.JobView;
import io.trainyard.training.TrainingJobs;
import io.trainyard.training.WorkerView;
import io.trainyard.training.Workers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The processes that run jobs, each with its device and what it does now. */
@Controller
@Profile("api")
@Hidden
class WorkersPages {

    private final Workers workers;
    private final TrainingJobs jobs;

    WorkersPages(Workers workers, TrainingJobs jobs) {
        this.workers = workers;
        this.jobs = jobs;
    }

    @GetMapping("/workers")
    String list(HttpServletRequest request, Actor actor, Model page) {
        List<WorkerView> alive = workers.alive(actor);
        Map<UUID, JobView> busyWith = alive.stream()
                .map(WorkerView::jobId)
                .filter(Objects::nonNull)
                .distinct()
                .map(jobs::get)
                .collect(Collectors.toMap(JobView::id, Function.identity()));
        page.addAttribute("workers", alive);
        page.addAttribute("jobs", busyWith);
        return Fragments.wanted(request) ? "workers :: list" : "workers";
    }
}
