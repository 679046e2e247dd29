package io.trainyard.engine;

import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;

/**
 * What this process has of memory now. ND4J and JavaCPP count few of the arrays that they allocate, so what there is beside
 * Java's heap can only be told from the whole.
 *
 * @param residentBytes of the whole process, without files that it has mapped
 * @param offHeapBytes of it, beyond what Java's heap has claimed: arrays, native code, the JVM itself
 * @param limitBytes that the whole process may have before an allocation fails
 */
public record ProcessMemory(long residentBytes, long offHeapBytes, long limitBytes) {

    static ProcessMemory now() {
        long resident = Pointer.physicalBytes();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return new ProcessMemory(resident, Math.max(0, resident - heap), Pointer.maxPhysicalBytes());
    }
}
