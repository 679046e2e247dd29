package io.trainyard.security;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** A browser shows a key once, and gets a cookie for it. */
@Controller
@Profile("api")
@Hidden
class LoginController {

    /** Of this service: not another host's, in any of the ways in which browsers read one. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[^\\\\\\p{Cntrl}]*");

    private final Sessions sessions;
    private final Limits limits;
    private final SecurityProperties properties;

    LoginController(Sessions sessions, Limits limits, SecurityProperties properties) {
        this.sessions = sessions;
        this.limits = limits;
        this.properties = properties;
    }

    @GetMapping("/login")
    String ask(@RequestParam(defaultValue = "/") String next, HttpServletRequest request, Model page) {
        if (!properties.isRequired() || SessionFilter.token(request) != null) {
            return "redirect:/";
        }
        page.addAttribute("next", local(next));
        return "login";
    }

    @PostMapping(value = "/login", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ModelAndView login(
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "/") String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        Optional<String> session = sessions.open(key, limits::checkRate);
        if (session.isEmpty()) {
            ModelAndView again = new ModelAndView("login", Map.of("next", local(next), "refused", true));
            again.setStatus(HttpStatus.UNAUTHORIZED);
            return again;
        }
        sessions.find(session.get())
                .ifPresent(actor ->
                        SecurityContextHolder.setContext(new SecurityContextImpl(new ActorAuthentication(actor))));
        SessionCookie.begin(request, response, session.get(), properties.sessionLifetime());
        return new ModelAndView(seeOther(local(next)));
    }

    @PostMapping("/logout")
    RedirectView logout(HttpServletRequest request, HttpServletResponse response) {
        String token = SessionFilter.token(request);
        if (token != null) {
            sessions.close(token);
            SessionCookie.end(request, response);
        }
        return seeOther("/login");
    }

    /** So that the browser asks for the page by GET, and again when it is loaded anew. */
    private static RedirectView seeOther(String path) {
        RedirectView view = new RedirectView(path, true, false);
        view.setExpandUriTemplateVariables(false);
        return view;
    }

    private static String local(String next) {
        return LOCAL.matcher(next).matches() ? next : "/";
    }
}
