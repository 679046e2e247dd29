package io.trainyard;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Where traces are sent: OTLP over HTTP. */
final class SpanReceiver implements AutoCloseable {

    /**
     * A span as it was sent.
     *
     * @param service of which process
     * @param parent empty where it has none
     * @param error why it failed; empty where it did not
     * @param begun nanoseconds since 1970
     */
    record Received(
            String service,
            String name,
            String trace,
            String id,
            String parent,
            Map<String, String> attributes,
            String error,
            long begun) {}

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    private SpanReceiver(HttpServer server) {
        this.server = server;
    }

    static SpanReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SpanReceiver receiver = new SpanReceiver(server);
        server.createContext("/v1/traces", exchange -> {
            receiver.take(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    String endpoint() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** In the order in which they began; they come in any. */
    List<Received> spans() {
        return spans.stream().sorted(Comparator.comparingLong(Received::begun)).toList();
    }

    private void take(byte[] body) throws InvalidProtocolBufferException {
        for (ResourceSpans process : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
            String service =
                    attributes(process.getResource().getAttributesList()).getOrDefault("service.name", "");
            process.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .forEach(span -> spans.add(received(service, span)));
        }
    }

    private static Received received(String service, Span span) {
        HexFormat hex = HexFormat.of();
        return new Received(
                service,
                span.getName(),
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                attributes(span.getAttributesList()),
                span.getStatus().getMessage(),
                span.getStartTimeUnixNano());
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        attribute -> switch (attribute.getValue().getValueCase()) {
                            case STRING_VALUE -> attribute.getValue().getStringValue();
                            case INT_VALUE ->
                                String.valueOf(attribute.getValue().getIntValue());
                            case DOUBLE_VALUE ->
                                String.valueOf(attribute.getValue().getDoubleValue());
                            default -> attribute.getValue().toString();
                        },
                        (one, other) -> other));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
