import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long after an epoch's end ten open pages of its job have drawn it: {@code java -cp … bench/LivePages.java [base] [pages]},
 * with the classpath of the tests, against a running service. Prints the median, the 95th percentile and the most.
 */
class LivePages {

    private static final String JOB = """
            {"model": "bench-live", "dataset": "digits", "network": {"preset": "rung-3"}, "training": {"epochs": 60}}""";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String base = arguments.length > 0 ? arguments[0] : "http://localhost:8080";
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        String posted = HTTP.send(
                        HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(JOB))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        String id = first("\"id\":\"([^\"]+)\"", posted);
        // Paused until all pages are open, so that each sees every epoch.
        post(base + "/api/v1/jobs/" + id + "/pause");
        try (Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")))) {
            BrowserContext context = browser.newContext();
            List<Page> pages = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Page page = context.newPage();
                page.navigate(base + "/jobs/" + id);
                page.evaluate("""
                        () => {
                          window.drawn = [];
                          const section = document.getElementById('curves');
                          new MutationObserver(() => window.drawn.push([Number(section.dataset.epochs), Date.now()]))
                            .observe(section, { attributes: true, attributeFilter: ['data-epochs'] });
                        }""");
                pages.add(page);
            }
            post(base + "/api/v1/jobs/" + id + "/resume");
            for (Page page : pages) {
                page.waitForFunction(
                        "() => Number(document.getElementById('curves').dataset.epochs) === 60",
                        null,
                        new Page.WaitForFunctionOptions().setTimeout(300_000));
            }
            List<Instant> ends = new ArrayList<>();
            Matcher at = Pattern.compile("\"at\":\"([^\"]+)\"").matcher(get(base + "/api/v1/jobs/" + id + "/metrics"));
            while (at.find()) {
                ends.add(Instant.parse(at.group(1)));
            }
            List<Long> delays = new ArrayList<>();
            for (Page page : pages) {
                int seen = 0;
                for (Object entry : (List<?>) page.evaluate("() => window.drawn")) {
                    List<?> pair = (List<?>) entry;
                    int epochs = ((Number) pair.get(0)).intValue();
                    long time = ((Number) pair.get(1)).longValue();
                    for (; seen < epochs; seen++) {
                        delays.add(time - ends.get(seen).toEpochMilli());
                    }
                }
            }
            delays.sort(null);
            System.out.printf(
                    "%d pages, %d epochs: drawn after %d ms (median), %d ms (95%%), %d ms (most)%n",
                    count,
                    ends.size(),
                    delays.get(delays.size() / 2),
                    delays.get(delays.size() * 95 / 100),
                    delays.get(delays.size() - 1));
            System.out.println("open streams: " + streams(base));
        }
        for (int second = 0; second <= 20; second++) {
            System.out.println("after " + second + " s without pages: " + streams(base));
            if (streams(base).endsWith(" 0.0")) {
                return;
            }
            Thread.sleep(1000);
        }
    }

    private static String streams(String base) throws Exception {
        return first("(?m)^(trainyard_event_streams .*)$", get(base + "/actuator/prometheus"));
    }

    private static String get(String uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void post(String uri) throws Exception {
        HTTP.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("not found: " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
