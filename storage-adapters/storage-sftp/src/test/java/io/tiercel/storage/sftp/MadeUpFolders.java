package io.tiercel.storage.sftp;

import io.tiercel.storage.contract.ListingCostContract;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * Folders that hold one file each, which the server shows as often as is wanted, under a name of its own each time: a
 * million cost nothing before they are listed. A folder is listed by one client at a time. Threadsafe.
 */
final class MadeUpFolders implements SftpFileSystemAccessor, SftpEventListener {
    private static final String ONLY = "only";

    private final Map<Path, Integer> counts = new ConcurrentHashMap<>();
    private final Map<Path, AtomicInteger> shown = new ConcurrentHashMap<>();
    private final AtomicLong portions = new AtomicLong();

    /** Makes a folder whose file is shown {@code count} times. */
    void add(Path folder, int count, int length) throws IOException {
        Files.write(Files.createDirectory(folder).resolve(ONLY), new byte[length]);
        counts.put(folder, count);
    }

    /** For a server. */
    SftpSubsystemFactory factory() {
        SftpSubsystemFactory factory = new SftpSubsystemFactory.Builder().withFileSystemAccessor(this).build();
        factory.addSftpEventListener(this);
        return factory;
    }

    /** Portions of folders that were asked for. */
    long portions() {
        return portions.get();
    }

    @Override
    public DirectoryStream<Path> openDirectory(SftpSubsystemProxy subsystem, DirectoryHandle handle, Path folder,
            String name, LinkOption... options) throws IOException {
        Integer count = counts.get(folder);
        if (count == null) {
            return SftpFileSystemAccessor.super.openDirectory(subsystem, handle, folder, name, options);
        }
        Path file = folder.resolve(ONLY);
        shown.put(file, new AtomicInteger());
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return IntStream.range(0, count).mapToObj(i -> file).iterator();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public void putRemoteFileName(SftpSubsystemProxy subsystem, Path path, Buffer target, String name,
            boolean isShort) throws IOException {
        AtomicInteger next = shown.get(path);
        String said = next != null && isShort ? ListingCostContract.objectName(next.getAndIncrement()) : name;
        SftpFileSystemAccessor.super.putRemoteFileName(subsystem, path, target, said, isShort);
    }

    @Override
    public void readingEntries(ServerSession session, String name, DirectoryHandle handle) {
        portions.incrementAndGet();
    }

    @Override
    public void open(ServerSession session, String name, Handle handle) {
        // What is opened is not counted.
    }
}
