package io.tiercel.storage.local;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A path that means an open file itself, whatever became of its name: {@code /proc/self/fd/N}. Its attributes are those
 * of the open file (fstat), and the link's text says where the kernel found it.
 *
 * <p>The JDK tells the number only to those to whom {@code sun.nio.ch} is exported, as the node's launcher and jar do.
 * Elsewhere, and where there is no /proc, there is no such path. Threadsafe.
 */
final class DescriptorPath {
    private static final Path FOLDER = Path.of("/proc/self/fd");
    private static final @Nullable MethodHandle NUMBER_OF = Files.isDirectory(FOLDER) ? numberOf() : null;

    private DescriptorPath() {}

    static boolean isAvailable() {
        return NUMBER_OF != null;
    }

    /** Null where {@link #isAvailable} is false. */
    static @Nullable Path of(FileDescriptor descriptor) {
        if (NUMBER_OF == null) {
            return null;
        }
        try {
            return FOLDER.resolve(Integer.toString((int) NUMBER_OF.invokeExact(descriptor)));
        } catch (Throwable e) {
            throw new IllegalStateException("sun.nio.ch.IOUtil.fdVal failed", e);
        }
    }

    private static @Nullable MethodHandle numberOf() {
        try {
            return MethodHandles.lookup().findStatic(Class.forName("sun.nio.ch.IOUtil"), "fdVal",
                    MethodType.methodType(int.class, FileDescriptor.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
