package io.trainyard.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The service's web server, with its settings and nothing behind it: it answers what it takes the client to be. */
final class EchoServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        SslAutoConfiguration.class
    })
    @EnableConfigurationProperties(ProxyProperties.class)
    @Import({ProxyConfiguration.class, RequestIdFilter.class, Echo.class})
    static class Application {}

    // Not a part of the service, though it lies in its packages.
    @Profile("echo")
    @RestController
    static class Echo {
        private static final Logger log = LoggerFactory.getLogger("io.trainyard.platform.Echo");

        @GetMapping("/log")
        void log(@RequestParam String text) {
            log.warn("said: {}", text, new IllegalStateException(text));
        }

        @GetMapping("/client")
        String client(HttpServletRequest request) {
            return request.getRemoteAddr() + " " + request.getRequestURL();
        }
    }

    private EchoServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it; {@code arguments} are of the command line. */
    static EchoServer start(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.profiles.active=echo"));
        all.addAll(Arrays.asList(arguments));
        return new EchoServer(SpringApplication.run(Application.class, all.toArray(String[]::new)));
    }

    int port() {
        return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    /** Asks it from one of this machine's addresses; returns what it answers, headers and all. */
    String ask(String from, String... headers) throws IOException {
        return get("/client", from, headers);
    }

    String get(String path, String from, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(), InetAddress.getByName(from), 0)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: trainyard:" + port() + "\r\nConnection: close\r\n"
                    + String.join(
                            "",
                            Arrays.stream(headers)
                                    .map(header -> header + "\r\n")
                                    .toList()) + "\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
