package io.tiercel.storage.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtension;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * One SSH session with one SFTP channel: the requests of the protocol, each with its answer or failure. Threadsafe: many
 * may ask at a time, and their requests go out together.
 *
 * <p>Failures are {@link SftpException} when the server refused, other IOExceptions when there was no answer to
 * understand; after those the connection is not used again.
 */
final class SftpConnection implements AutoCloseable {
    private static final String POSIX_RENAME = "posix-rename@openssh.com";
    private static final String HARD_LINK = "hardlink@openssh.com";
    private static final String FSYNC = "fsync@openssh.com";
    private static final String LIMITS = "limits@openssh.com";

    /** What every server of version 3 must take, and may answer with. */
    private static final int SURE_READ_LENGTH = 32 * 1024;
    /** Larger answers do not get faster, and the library takes none above 256 KiB. */
    private static final int MAX_READ_LENGTH = 128 * 1024;

    private final SftpWire wire;
    private final int readLength;
    /** Guarded by the pool that it belongs to. */
    int users;

    private SftpConnection(SftpWire wire, int readLength) {
        this.wire = wire;
        this.readLength = readLength;
    }

    static SftpConnection open(ClientSession session, Duration timeout) throws IOException {
        SftpWire wire = new SftpWire(session, timeout);
        return new SftpConnection(wire, readLengthOf(wire));
    }

    private static int readLengthOf(SftpWire wire) throws IOException {
        if (!wire.hasExtension(LIMITS)) {
            return SURE_READ_LENGTH;
        }
        return parsed(wire, () -> {
            OpenSSHLimitsExtension limits = wire.getExtension(OpenSSHLimitsExtension.class);
            long most = limits == null ? 0 : limits.limits().maxReadLength;
            return most <= 0 ? SURE_READ_LENGTH : (int) Math.min(most, MAX_READ_LENGTH);
        });
    }

    /** Most bytes to ask for at a time. */
    int readLength() {
        return readLength;
    }

    /** Limit of each answer. */
    Duration timeout() {
        return wire.timeout();
    }

    SftpWire wire() {
        return wire;
    }

    boolean isUsable() {
        return wire.isOpen() && !wire.isClosing();
    }

    /** Looks at the entries themselves, links among them, all in one turn. Null for one that is not there. */
    List<@Nullable SftpStamp> look(List<String> paths) throws IOException {
        List<Integer> asked = new ArrayList<>(paths.size());
        try {
            for (String path : paths) {
                asked.add(ask(SftpConstants.SSH_FXP_LSTAT, path));
            }
            List<@Nullable SftpStamp> stamps = new ArrayList<>(paths.size());
            for (int i = 0; i < asked.size(); i++) {
                stamps.add(stampOrNothing(asked.get(i)));
                SftpStamp last = stamps.getLast();
                if (last == null || last.kind() == SftpStamp.Kind.FILE || last.kind() == SftpStamp.Kind.SPECIAL) {
                    // Nothing can lie below; what servers say of paths there differs.
                    break;
                }
            }
            return stamps;
        } finally {
            asked.forEach(wire::abandon);
        }
    }

    /** Looks at an entry itself. */
    @Nullable
    SftpStamp look(String path) throws IOException {
        return look(List.of(path)).getFirst();
    }

    private @Nullable SftpStamp stampOrNothing(int id) throws IOException {
        try {
            return stamp(id);
        } catch (SftpException e) {
            if (isMissing(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Draws what an open file was said to be. */
    SftpStamp stamp(int id) throws IOException {
        return parsed(wire, () -> SftpStamp.of(wire.attributes(id)));
    }

    /** Asks what an open file is; {@link #stamp} draws the answer. */
    int askStamp(byte[] handle) throws IOException {
        Buffer request = new ByteArrayBuffer(handle.length + Long.BYTES, false);
        request.putBytes(handle);
        return wire.post(SftpConstants.SSH_FXP_FSTAT, request, new Exchange());
    }

    /** What a path leads to, links followed by the server. */
    SftpStamp follow(String path) throws IOException {
        return parsed(wire, () -> SftpStamp.of(wire.stat(path)));
    }

    String readLink(String path) throws IOException {
        return parsed(wire, () -> wire.readLink(path));
    }

    byte[] openFile(String path, OpenMode... modes) throws IOException {
        return parsed(wire, () -> wire.open(path, List.of(modes)).getIdentifier());
    }

    byte[] openFolder(String path) throws IOException {
        return parsed(wire, () -> wire.openDir(path).getIdentifier());
    }

    /** The next entries of an open folder in the portion that the server gives, null behind the last. */
    @Nullable
    List<DirEntry> readFolder(byte[] handle) throws IOException {
        Buffer request = new ByteArrayBuffer(handle.length + Long.BYTES, false);
        request.putBytes(handle);
        int id = wire.post(SftpConstants.SSH_FXP_READDIR, request, new Exchange());
        AtomicReference<Boolean> end = new AtomicReference<>();
        try {
            return parsedOrNull(wire, () -> wire.entries(id, end));
        } catch (SftpException e) {
            if (e.getStatus() == SftpConstants.SSH_FX_EOF) {
                return null;
            }
            throw e;
        }
    }

    /** Draws bytes that land elsewhere, false at the end of the file. */
    boolean isData(int id, Buffer expected) throws IOException {
        return parsed(wire, () -> wire.isData(id, expected));
    }

    /** Closes a file that was written to, which may be the moment when the server finds that it cannot keep it. */
    void closeWritten(byte[] handle) throws IOException {
        Buffer request = new ByteArrayBuffer(handle.length + Long.BYTES, false);
        request.putBytes(handle);
        expectOk(wire.post(SftpConstants.SSH_FXP_CLOSE, request, new Exchange()));
    }

    /** Waits for the server's word that a request is done. */
    void expectOk(int id) throws IOException {
        parsed(wire, () -> {
            wire.expectOk(id);
            return id;
        });
    }

    void makeFolder(String path) throws IOException {
        parsed(wire, () -> {
            wire.mkdir(path);
            return path;
        });
    }

    int askRemoveFile(String path) throws IOException {
        return ask(SftpConstants.SSH_FXP_REMOVE, path);
    }

    void removeFile(String path) throws IOException {
        expectOk(askRemoveFile(path));
    }

    void removeFolder(String path) throws IOException {
        expectOk(ask(SftpConstants.SSH_FXP_RMDIR, path));
    }

    /** Removes a file some time, and says nothing of it. */
    void forgetFile(String path) {
        wire.forget(SftpConstants.SSH_FXP_REMOVE, named(path));
    }

    boolean canReplace() {
        return wire.hasExtension(POSIX_RENAME);
    }

    boolean canLink() {
        return wire.hasExtension(HARD_LINK);
    }

    /** Gives a file another name, whoever has it, in one step. */
    void replace(String from, String to) throws IOException {
        extended(POSIX_RENAME, from, to);
    }

    /** Gives a file a second name that nobody has, in one step. */
    void link(String from, String to) throws IOException {
        extended(HARD_LINK, from, to);
    }

    /** Gives a file another name that nobody has, in as many steps as the server takes. */
    void rename(String from, String to) throws IOException {
        parsed(wire, () -> {
            wire.rename(from, to);
            return to;
        });
    }

    /** Brings an open file to the server's disk where the server can say that it did. */
    void force(byte[] handle) throws IOException {
        if (wire.hasExtension(FSYNC)) {
            Buffer request = new ByteArrayBuffer(FSYNC.length() + handle.length + 2 * Integer.BYTES, false);
            request.putString(FSYNC);
            request.putBytes(handle);
            expectOk(wire.post(SftpConstants.SSH_FXP_EXTENDED, request, new Exchange()));
        }
    }

    void modified(String path, long modifiedS) throws IOException {
        FileTime time = FileTime.from(modifiedS, TimeUnit.SECONDS);
        parsed(wire, () -> {
            wire.setStat(path, new Attributes().modifyTime(time).accessTime(time));
            return path;
        });
    }

    @Override
    public void close() {
        wire.breakOff();
    }

    static boolean isMissing(SftpException e) {
        return e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                || e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_PATH;
    }

    /** Whether it can be that something was there already, for which older versions of the protocol have no word. */
    static boolean isPresent(SftpException e) {
        return e.getStatus() == SftpConstants.SSH_FX_FILE_ALREADY_EXISTS
                || e.getStatus() == SftpConstants.SSH_FX_FAILURE;
    }

    static boolean isDenied(SftpException e) {
        return e.getStatus() == SftpConstants.SSH_FX_PERMISSION_DENIED
                || e.getStatus() == SftpConstants.SSH_FX_WRITE_PROTECT;
    }

    private void extended(String name, String from, String to) throws IOException {
        Buffer request = new ByteArrayBuffer(name.length() + lengthOf(from) + lengthOf(to) + 3 * Integer.BYTES, false);
        request.putString(name);
        request.putString(from, StandardCharsets.UTF_8);
        request.putString(to, StandardCharsets.UTF_8);
        expectOk(wire.post(SftpConstants.SSH_FXP_EXTENDED, request, new Exchange()));
    }

    private int ask(int command, String path) throws IOException {
        return wire.post(command, named(path), new Exchange());
    }

    private static Buffer named(String path) {
        Buffer request = new ByteArrayBuffer(lengthOf(path) + Long.BYTES, false);
        request.putString(path, StandardCharsets.UTF_8);
        return request;
    }

    private static int lengthOf(String path) {
        return 3 * path.length();
    }

    /** What the library makes of an answer; an answer that it cannot read ends the connection. */
    private static <T> T parsed(SftpWire wire, Callable<T> call) throws IOException {
        T result = parsedOrNull(wire, call);
        if (result == null) {
            throw garbage(wire, null);
        }
        return result;
    }

    private static <T> @Nullable T parsedOrNull(SftpWire wire, Callable<@Nullable T> call) throws IOException {
        try {
            return call.call();
        } catch (SshException e) {
            wire.breakOff();
            throw e;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw garbage(wire, e);
        }
    }

    private static IOException garbage(SftpWire wire, @Nullable Exception cause) {
        wire.breakOff();
        return new SshException("the server's answer makes no sense", cause);
    }
}
