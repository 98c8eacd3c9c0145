package io.tiercel.segment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Reserves the blocks of a file for real (posix_fallocate) before anybody maps it: on a full disk that is a refusal
 * here, where a sparse file would be a SIGBUS at some later store. Threadsafe; blocks.
 */
public final class DiskSpace {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;
    private static final int OWNER_AND_GROUP = 0640;

    private static final int FALLOC_FL_KEEP_SIZE = 1;

    private static final int EINTR = 4;
    private static final int EFBIG = 27;
    private static final int ENOSPC = 28;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2), Linker.Option.captureCallState("errno"));
    private static final MethodHandle FALLOCATE = handle("posix_fallocate", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FALLOCATE_AHEAD = handle("fallocate",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private DiskSpace() {}

    /** Links the native calls, a tenth of a node's start, before they are needed. Any thread, at any time. */
    public static void preload() {
        try {
            close(-1);
        } catch (IllegalStateException e) {
            // Whoever needs it is told.
        }
    }

    /**
     * Makes sure that a file, created when missing, has at least {@code length} bytes with blocks behind all of them.
     * What it holds stays; new bytes are zero. Never call it on a lock file: closing any descriptor drops a lock.
     *
     * @throws NoSpaceException when there is no room; a file that grew before is left for the caller to delete.
     */
    public static void reserve(Path file, long length) throws IOException {
        int descriptor = open(file);
        try {
            int error;
            do {
                error = (int) FALLOCATE.invokeExact(descriptor, 0L, length);
            } while (error == EINTR);
            if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
                throw new NoSpaceException("no room on the disk for length=" + length + " of " + file);
            }
            if (error != 0) {
                throw new IOException("cannot reserve length=" + length + " of " + file + ": errno=" + error);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("posix_fallocate", e);
        } finally {
            close(descriptor);
        }
    }

    /**
     * Takes blocks for a file, created when missing, and leaves its length as it is: whoever makes it longer later finds
     * them. Where the file system cannot, nothing is taken.
     *
     * @throws NoSpaceException when there is no room.
     */
    public static void reserveAhead(Path file, long length) throws IOException {
        int descriptor = open(file);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE_LAYOUT);
            int error;
            do {
                int result = (int) FALLOCATE_AHEAD.invokeExact(capture, descriptor, FALLOC_FL_KEEP_SIZE, 0L, length);
                error = result == 0 ? 0 : (int) ERRNO.get(capture, 0L);
            } while (error == EINTR);
            if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
                throw new NoSpaceException("no room on the disk for length=" + length + " of " + file);
            }
            if (error != 0 && error != EOPNOTSUPP) {
                throw new IOException("cannot reserve length=" + length + " of " + file + ": errno=" + error);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("fallocate", e);
        } finally {
            close(descriptor);
        }
    }

    private static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE_LAYOUT);
            MemorySegment name = arena.allocateFrom(file.toString());
            int descriptor = (int) OPEN.invokeExact(capture, name, O_RDWR | O_CREAT | O_CLOEXEC, OWNER_AND_GROUP);
            if (descriptor < 0) {
                int errno = (int) ERRNO.get(capture, 0L);
                if (errno == ENOSPC || errno == EDQUOT) {
                    throw new NoSpaceException("no room on the disk to create " + file);
                }
                throw new IOException("cannot open " + file + ": errno=" + errno);
            }
            return descriptor;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("open", e);
        }
    }

    private static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close", e);
        }
    }

    @SuppressWarnings("restricted") // native access is granted to us in the manifest, and this is what it is for
    private static MethodHandle handle(String name, FunctionDescriptor function, Linker.Option... options) {
        SymbolLookup lookup = LINKER.defaultLookup();
        return LINKER.downcallHandle(lookup.findOrThrow(name), function, options);
    }
}
