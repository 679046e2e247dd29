package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS as config/application.yaml.example sets it up. */
class TlsTest {

    private static final byte ALERT = 21;

    @TempDir
    Path folder;

    @Test
    void aNewCertificateIsServedWithoutARestart() throws IOException, GeneralSecurityException {
        PemCertificate first = PemCertificate.make(folder, "first");
        PemCertificate second = PemCertificate.make(folder, "second");
        SSLContext client = trusting(first.certificate(), second.certificate());
        first.write(folder);
        try (EchoServer server = EchoServer.start(
                "--spring.ssl.bundle.pem.web.keystore.certificate=file:" + folder.resolve("tls.crt"),
                "--spring.ssl.bundle.pem.web.keystore.private-key=file:" + folder.resolve("tls.key"),
                "--spring.ssl.bundle.pem.web.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                "--server.ssl.bundle=web")) {
            assertThat(served(client, server.port())).isEqualTo(first.certificate());
            second.write(folder);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> served(client, server.port())
                    .equals(second.certificate()));

            assertThat(answerToTls11(server.port())).as("TLS 1.1 is refused").isEqualTo(ALERT);
        }
    }

    /** The certificate of a real handshake. */
    private static Certificate served(SSLContext client, int port) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLContext trusting(X509Certificate... certificates) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate certificate : certificates) {
            trusted.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** Offers TLS 1.1, which Java's own client does not any more (RFC 4346, section 7.4.1.2); returns the type of the record that comes back. */
    private static int answerToTls11(int port) throws IOException {
        List<Short> suites = List.of((short) 0xC009, (short) 0xC00A, (short) 0xC013, (short) 0x002F);
        ByteBuffer hello = ByteBuffer.allocate(128)
                .putShort((short) 0x0302)
                .put(new byte[32])
                .put((byte) 0)
                .putShort((short) (2 * suites.size()));
        suites.forEach(hello::putShort);
        hello.put((byte) 1).put((byte) 0).flip();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeByte(22);
            out.writeShort(0x0301);
            out.writeShort(hello.remaining() + 4);
            out.writeInt(1 << 24 | hello.remaining());
            out.write(hello.array(), 0, hello.remaining());
            return socket.getInputStream().read();
        }
    }
}
