package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Role;
import io.trainyard.audit.AuditEvent;
import io.trainyard.audit.AuditTrail;
import io.trainyard.security.KeyView;
import io.trainyard.security.Keys;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** For admins: who may call, and what was done. */
@Controller
@Profile("api")
@Hidden
class AdminPages {

    private static final int PAGE = 50;

    private final Keys keys;
    private final AuditTrail trail;
    private final Clock clock;

    AdminPages(Keys keys, AuditTrail trail, Clock clock) {
        this.keys = keys;
        this.trail = trail;
        this.clock = clock;
    }

    @GetMapping("/keys")
    String keys(@RequestParam(required = false) @Nullable UUID after, Model page) {
        List<KeyView> found = keys.page(after, PAGE + 1);
        page.addAttribute("keys", found.stream().limit(PAGE).toList());
        page.addAttribute("next", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        page.addAttribute("first", after == null);
        page.addAttribute("roles", Role.values());
        page.addAttribute("now", clock.instant());
        return "keys";
    }

    @GetMapping("/audit")
    String audit(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) AuditEvent.@Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable Long before,
            Model page) {
        AuditTrail.Filter filter = new AuditTrail.Filter(Show.given(actor), Show.given(action), outcome);
        List<AuditEvent> found = trail.page(filter, before, PAGE + 1);
        page.addAttribute("events", found.stream().limit(PAGE).toList());
        page.addAttribute("next", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        page.addAttribute("outcomes", AuditEvent.Outcome.values());
        page.addAttribute("filter", filter);
        return "audit";
    }
}
