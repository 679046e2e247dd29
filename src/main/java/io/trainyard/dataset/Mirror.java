package io.trainyard.dataset;

import io.trainyard.file.PrivateFiles;
import io.trainyard.problem.FileFaults;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public mirrors of one dataset, each with the same four files, whose SHA-256 are pinned: what was tampered with or
 * cut off on the way is refused.
 */
class Mirror {

    private static final Logger log = LoggerFactory.getLogger(Mirror.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final long REPORT_EVERY = 2L << 20;
    /** More than the largest of the files. */
    private static final long MAX_DOWNLOAD = 64L << 20;

    private final List<URI> addresses;
    private final Map<MirrorFile, String> sha256;

    Mirror(List<URI> addresses, Map<MirrorFile, String> sha256) {
        this.addresses = addresses;
        this.sha256 = sha256;
    }

    /**
     * Downloads the files that the folder does not have yet.
     *
     * @return the folder, which then has all four
     * @throws IOException when no mirror gives a file with its pinned SHA-256
     */
    Path download(Path folder) throws IOException {
        PrivateFiles.createDirectories(folder);
        for (MirrorFile file : MirrorFile.values()) {
            if (!Files.exists(folder.resolve(file.fileName()))) {
                fromAnyAddress(folder, file);
            }
        }
        return folder;
    }

    private void fromAnyAddress(Path folder, MirrorFile file) throws IOException {
        IOException failure = new IOException("there is no mirror");
        for (URI address : addresses) {
            try {
                fetch(address.resolve(file.fileName()), folder.resolve(file.fileName()), file);
                return;
            } catch (IOException e) {
                log.warn("{} not fetched from {}: {}", file.fileName(), address.getHost(), describe(e));
                failure = new IOException(file.fileName() + " from " + address.getHost() + ": " + describe(e), e);
            }
        }
        throw failure;
    }

    private static String describe(IOException e) {
        return e instanceof ConnectException ? "no connection" : FileFaults.reason(e);
    }

    private void fetch(URI uri, Path target, MirrorFile file) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        Path part = Files.createTempFile(target.getParent(), file.plainName(), ".part");
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                // The request's own time limit ends with the headers; a mirror that stalls later must not hold us.
                CompletableFuture.delayedExecutor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> closeQuietly(body));
                if (response.statusCode() != 200) {
                    throw new IOException("HTTP status " + response.statusCode());
                }
                long expected =
                        response.headers().firstValueAsLong("content-length").orElse(-1);
                String actual = copy(body, part, file.fileName(), expected);
                if (!actual.equals(sha256.get(file))) {
                    throw new IOException("its SHA-256 is " + actual + ", not the pinned " + sha256.get(file));
                }
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            log.info("{} downloaded and its SHA-256 checked", file.fileName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            log.debug("closing a download", e);
        }
    }

    private static String copy(InputStream body, Path part, String name, long expected) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        long reported = 0;
        try (InputStream in = new DigestInputStream(body, digest);
                OutputStream out = Files.newOutputStream(part)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                done += n;
                if (done > MAX_DOWNLOAD) {
                    throw new IOException("more than " + MAX_DOWNLOAD + " bytes");
                }
                if (done - reported >= REPORT_EVERY) {
                    reported = done;
                    log.info("{}: {} of {} KiB", name, done >> 10, expected < 0 ? "?" : expected >> 10);
                }
            }
        }
        return Hex.encodeHexString(digest.digest());
    }
}
