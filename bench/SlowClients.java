import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long health takes, and whether whole requests are answered, while so many connections are slow, in each of the ways of
 * slowhttptest: 200 new ones a second, until all are there, and for those that were closed.
 *
 * <pre>
 * java -jar target/trainyard.jar &
 * java bench/SlowClients.java                                   # or:
 * java bench/SlowClients.java http://localhost:8080 1000 20     # connections, seconds for each way
 * </pre>
 */
public class SlowClients {

    private static final long TRICKLE_NANOS = 5_000_000_000L;
    private static final int OPENED_AT_A_TIME = 4;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final String VALID = """
            {"model": "slow", "dataset": "iris", "network": {"layers": [{"type": "dense", "units": 3, "activation": "softmax"}]},
             "training": {"epochs": 1}}
            """;

    /**
     * @param begin what each connection sends at once
     * @param more what it sends from time to time
     */
    private record Way(String name, String begin, String more, boolean reads) {}

    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";

    private static final List<Way> WAYS = List.of(
            new Way("nothing", "", "", true),
            new Way("heads", "GET /actuator/health/liveness" + HOST, "X-a: b\r\n", true),
            new Way(
                    "bodies, Content-Length",
                    "POST /predict" + HOST + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
                    " ",
                    true),
            new Way(
                    "bodies, chunked",
                    "POST /predict" + HOST + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                    "1\r\n \r\n",
                    true),
            new Way(
                    "bodies, the length of a chunk",
                    "POST /predict" + HOST + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0",
                    "0",
                    true),
            new Way("bodies of refused requests (404)", "POST /nothing" + HOST + "Content-Length: 100000\r\n\r\n{", " ", true),
            new Way("bodies of refused requests (403)", "POST /predict HTTP/1.1\r\nHost: foreign\r\nContent-Length: 100000\r\n\r\n{", " ", true),
            new Way("bodies of requests that take none", "GET /api/v1/jobs" + HOST + "Content-Length: 100000\r\n\r\n{", " ", true),
            new Way(
                    "forms",
                    "POST /login" + HOST + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nkey=",
                    "a",
                    true),
            new Way(
                    "uploads",
                    "POST /api/v1/datasets/slow/versions" + HOST
                            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n--b\r\n"
                            + "Content-Disposition: form-data; name=\"train\"; filename=\"a.csv\"\r\n\r\na,b\r\n",
                    "1",
                    true),
            new Way("reads", ("GET /swagger-ui/swagger-ui-bundle.js" + HOST + "\r\n").repeat(20), "", false));

    public static void main(String[] arguments) throws Exception {
        URI base = URI.create(arguments.length > 0 ? arguments[0] : "http://localhost:8080");
        int connections = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        String only = arguments.length > 3 ? arguments[3] : "";
        System.out.println("| slow | opened | open | health p50 ms | p99 ms | max ms | whole POSTs | p99 ms | not 200 |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (Way way : WAYS) {
            if (way.name().contains(only)) {
                measure(base, way, way.begin().isEmpty() ? 0 : connections, seconds);
            }
        }
    }

    private static void measure(URI base, Way way, int connections, int seconds) throws Exception {
        Crowd crowd = new Crowd(base, way, connections);
        Thread thread = new Thread(crowd);
        thread.start();
        Thread.sleep(connections == 0 ? 0 : 5000);
        List<Long> health = new ArrayList<>();
        List<Long> posts = new ArrayList<>();
        int refused = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; System.nanoTime() < end; i++) {
            long begun = System.nanoTime();
            send(HttpRequest.newBuilder(base.resolve("/actuator/health/liveness")));
            health.add(System.nanoTime() - begun);
            if (i % 10 == 0) {
                long posted = System.nanoTime();
                int status = send(HttpRequest.newBuilder(base.resolve("/api/v1/jobs/validate"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(VALID)));
                posts.add(System.nanoTime() - posted);
                refused += status == 200 ? 0 : 1;
            }
            Thread.sleep(10);
        }
        int open = crowd.open();
        crowd.stop();
        thread.join();
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %.1f | %.1f | %.1f | %d | %.1f | %d |%n",
                way.name(),
                crowd.opened,
                open,
                at(health, 0.5),
                at(health, 0.99),
                at(health, 1),
                posts.size(),
                at(posts, 0.99),
                refused);
    }

    private static int send(HttpRequest.Builder request) throws InterruptedException {
        try {
            return CLIENT.send(request.timeout(LONGEST).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException lost) {
            return 0;
        }
    }

    private static double at(List<Long> nanos, double share) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)] / 1e6;
    }

    /** Keeps its connections open and slow. */
    private static final class Crowd implements Runnable {

        private final InetSocketAddress address;
        private final Way way;
        private final SocketChannel[] channels;
        private final long[] next;
        private final ByteBuffer read = ByteBuffer.allocate(1 << 16);
        private volatile boolean running = true;
        volatile int opened;

        Crowd(URI base, Way way, int connections) {
            address = new InetSocketAddress(base.getHost(), base.getPort());
            this.way = way;
            channels = new SocketChannel[connections];
            next = new long[connections];
        }

        @Override
        public void run() {
            try {
                while (running) {
                    int fresh = 0;
                    for (int i = 0; i < channels.length; i++) {
                        if (channels[i] == null && fresh < OPENED_AT_A_TIME) {
                            open(i);
                            fresh++;
                        }
                        if (channels[i] != null && !goesOn(i)) {
                            channels[i].close();
                            channels[i] = null;
                        }
                    }
                    Thread.sleep(20);
                }
                for (SocketChannel channel : channels) {
                    if (channel != null) {
                        channel.close();
                    }
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void open(int i) throws IOException {
            SocketChannel channel = SocketChannel.open();
            if (!way.reads()) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
            }
            try {
                channel.connect(address);
                channel.write(bytes(way.begin()));
                channel.configureBlocking(false);
                channels[i] = channel;
                opened++;
            } catch (IOException lost) {
                channel.close();
            }
            next[i] = System.nanoTime() + TRICKLE_NANOS;
        }

        /** False when it was closed. */
        private boolean goesOn(int i) {
            try {
                boolean due = System.nanoTime() > next[i];
                if (due) {
                    next[i] += TRICKLE_NANOS;
                    channels[i].write(bytes(way.more()));
                }
                if (way.reads() || due) {
                    read.clear().limit(way.reads() ? read.capacity() : 16);
                    return channels[i].read(read) >= 0;
                }
                return true;
            } catch (IOException lost) {
                return false;
            }
        }

        int open() {
            return (int) Arrays.stream(channels).filter(channel -> channel != null).count();
        }

        void stop() {
            running = false;
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
