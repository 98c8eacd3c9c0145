package io.tiercel.storage.sftp;

import java.io.IOException;
import java.nio.file.Path;

/** A real server of a test's own, on a free port of the loopback interface. */
interface SftpServer extends AutoCloseable {
    int port();

    /** Who may sign in with {@link #identity}. */
    String user();

    /** A private key that the server lets in. */
    Path identity();

    /** A store on one of this machine's folders, with a host key that is not looked at. */
    default String uri(Path directory) {
        return uri(port(), directory) + "?hostKey=any&identity=" + identity();
    }

    /** The same behind another port, without parameters. */
    default String uri(int port, Path directory) {
        return "sftp://" + user() + "@127.0.0.1:" + port + directory;
    }

    /** Stops answering and drops all connections. */
    @Override
    void close() throws IOException;
}
