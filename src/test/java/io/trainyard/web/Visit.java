package io.trainyard.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.trainyard.Service;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A person with a browser of their own. When it ends there must have been no error in the console but those that were
 * expected, and no request to another host.
 */
final class Visit implements AutoCloseable {

    private static final double PATIENCE_MS = 30_000;

    private final BrowserContext context;
    private final Function<String, URI> service;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    Visit(BrowserContext context) {
        this(context, Service.shared()::uri);
    }

    Visit(BrowserContext context, Function<String, URI> service) {
        this.context = context;
        this.service = service;
        context.setDefaultTimeout(PATIENCE_MS);
        this.page = newPage();
    }

    /** The first page. */
    Page page() {
        return page;
    }

    /** One more page of the same person. */
    Page newPage() {
        Page opened = context.newPage();
        opened.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.type() + ": " + message.text());
            }
        });
        opened.onPageError(error -> complaints.add("uncaught: " + error));
        opened.onRequest(request -> {
            String url = request.url();
            if (!url.startsWith(service.apply("/").toString())
                    && !url.startsWith("data:")
                    && !url.startsWith("blob:")) {
                complaints.add("a request to " + url);
            }
        });
        return opened;
    }

    static String address(String path) {
        return Service.shared().uri(path).toString();
    }

    Visit go(String path) {
        page.navigate(service.apply(path).toString());
        return this;
    }

    /** Complaints of the console that hold this text are meant to come, such as {@code status of 422}. */
    Visit expect(String complaint) {
        expected.add(complaint);
        return this;
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    Locator button(String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.BUTTON,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits until an element is there that has the text; returns it. */
    Locator see(String selector, String text) {
        Locator seen = page.locator(selector)
                .filter(new Locator.FilterOptions().setHasText(text))
                .first();
        seen.waitFor();
        return seen;
    }

    /** Waits until a script's expression is true. */
    void await(String expression) {
        page.waitForFunction(expression);
    }

    /** Serious findings of axe-core (https://github.com/dequelabs/axe-core), a line each; empty when there are none. */
    String accessibilityFaults() {
        // It reads back what is drawn.
        expect("willReadFrequently");
        page.evaluate(Axe.SOURCE);
        Object found = page.evaluate("() => axe.run().then(result => JSON.stringify(result.violations))");
        List<String> faults = new ArrayList<>();
        for (JsonNode violation : Service.JSON.readTree(String.valueOf(found))) {
            String impact = violation.path("impact").stringValue("");
            if (impact.equals("serious") || impact.equals("critical")) {
                for (JsonNode node : violation.get("nodes")) {
                    faults.add(violation.get("id").stringValue() + " at " + node.get("target") + ": "
                            + node.get("failureSummary").stringValue());
                }
            }
        }
        return faults.stream().collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        context.close();
        complaints.removeIf(complaint -> expected.stream().anyMatch(complaint::contains));
        if (!complaints.isEmpty()) {
            throw new AssertionError("the browser complains: " + complaints);
        }
    }
}
