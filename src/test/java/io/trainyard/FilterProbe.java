package io.trainyard;

import com.sun.tools.attach.VirtualMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An agent that tries, within whatever process it is loaded into, to deserialise an object. */
public final class FilterProbe implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String REFUSED = "refused";
    private static final String READ = "read";

    private FilterProbe() {}

    /** Whether a process deserialises objects now. */
    public static boolean deserialises(long pid) throws Exception {
        Path result = Files.createTempFile("trainyard-probe", ".txt");
        Path jar = jar();
        VirtualMachine process = VirtualMachine.attach(String.valueOf(pid));
        try {
            process.loadAgent(jar.toString(), result.toString());
        } finally {
            process.detach();
            Files.delete(jar);
        }
        return deserialised(result);
    }

    /** The JVM option with which a process tries when it ends, and says in a file what has come of it. */
    static String atTheEnd(Path result) throws IOException {
        return "-javaagent:" + jar() + "=" + result;
    }

    /** What a process has said in its file, which is deleted. */
    static boolean deserialised(Path result) throws IOException {
        String said = Files.readString(result);
        Files.delete(result);
        return switch (said) {
            case READ -> true;
            case REFUSED -> false;
            default -> throw new AssertionError("the process said nothing: " + said);
        };
    }

    private static Path jar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Agent-Class", FilterProbe.class.getName());
        manifest.getMainAttributes().putValue("Premain-Class", FilterProbe.class.getName());
        String file = FilterProbe.class.getName().replace('.', '/') + ".class";
        Path jar = Files.createTempFile("trainyard-probe", ".jar");
        jar.toFile().deleteOnExit();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = Objects.requireNonNull(
                        FilterProbe.class.getClassLoader().getResourceAsStream(file))) {
            out.putNextEntry(new JarEntry(file));
            in.transferTo(out);
        }
        return jar;
    }

    /** In a process that runs. */
    public static void agentmain(String result) throws IOException {
        Files.writeString(Path.of(result), tried());
    }

    /** In a process that begins. */
    public static void premain(String result) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                agentmain(result);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    /** Begins nothing of Trainyard. */
    public static void main(String[] arguments) {}

    private static String tried() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new FilterProbe());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.readObject();
            return READ;
        } catch (InvalidClassException filtered) {
            return REFUSED;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
