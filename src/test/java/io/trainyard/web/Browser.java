package io.trainyard.web;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CLI;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Chromium in which tests look at the page, started once for all test classes of a run: the one that is installed, else
 * the distribution's, else Playwright's own. {@code TRAINYARD_CHROMIUM} names another.
 */
final class Browser {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static com.microsoft.playwright.@Nullable Browser shared;

    private Browser() {}

    /** A visit of the page at a path of the shared service, with a profile of its own. */
    static Visit visit(String path) {
        return new Visit(shared().newContext()).go(path);
    }

    /** The same of another service. */
    static Visit visit(Function<String, URI> service, String path) {
        return new Visit(shared().newContext(), service).go(path);
    }

    /** The same on a telephone, or in the dark. */
    static Visit visit(String path, com.microsoft.playwright.Browser.NewContextOptions options) {
        return new Visit(shared().newContext(options)).go(path);
    }

    private static synchronized com.microsoft.playwright.Browser shared() {
        if (shared == null) {
            Optional<Path> installed = installed().or(Browser::installDistributions);
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions().setArgs(FLAGS);
            installed.ifPresent(options::setExecutablePath);
            if (installed.isEmpty()) {
                installPlaywrights();
            }
            shared = Playwright.create(
                            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
                    .chromium()
                    .launch(options);
        }
        return shared;
    }

    private static Optional<Path> installed() {
        String named = System.getenv("TRAINYARD_CHROMIUM");
        return named != null
                ? Optional.of(Path.of(named))
                : NAMES.stream().flatMap(Browser::onPath).findFirst();
    }

    private static Stream<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable);
    }

    /** Where the tests run as root on Debian or one of its like, as in a container. */
    private static Optional<Path> installDistributions() {
        boolean possible = "root".equals(System.getProperty("user.name"))
                && onPath("apt-get").findAny().isPresent();
        return possible
                        && run("apt-get", "update", "-qq")
                        && run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
                ? installed()
                : Optional.empty();
    }

    private static void installPlaywrights() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        if (!run(java, "-cp", System.getProperty("java.class.path"), CLI.class.getName(), "install", "chromium")) {
            throw new IllegalStateException(
                    "no Chromium, and none could be fetched: install it, or name it in TRAINYARD_CHROMIUM");
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
