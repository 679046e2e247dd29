package io.trainyard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** A door to a service that is shut to the first request, with Retry-After, and open from then on. */
final class BusyAtFirst implements AutoCloseable {

    private final HttpServer server;
    private final SecuredService service;
    private final AtomicBoolean shut = new AtomicBoolean(true);

    private BusyAtFirst(HttpServer server, SecuredService service) {
        this.server = server;
        this.service = service;
    }

    static BusyAtFirst before(SecuredService service) throws IOException {
        BusyAtFirst door = new BusyAtFirst(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), service);
        door.server.createContext("/", door::answer);
        door.server.start();
        return door;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] asked = exchange.getRequestBody().readAllBytes();
            if (shut.getAndSet(false)) {
                exchange.getResponseHeaders().add("Retry-After", "1");
                send(
                        exchange,
                        429,
                        "application/problem+json",
                        "{\"type\":\"/problems/capacity-exceeded\",\"status\":429}");
                return;
            }
            HttpResponse<String> answer = Service.shared()
                    .send(HttpRequest.newBuilder(
                                    service.uri(exchange.getRequestURI().toString()))
                            .header(
                                    "Authorization",
                                    exchange.getRequestHeaders().getFirst("Authorization"))
                            .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
                            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(asked)));
            send(
                    exchange,
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElseThrow(),
                    answer.body());
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
