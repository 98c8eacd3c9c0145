/**
 * The adapter for a directory of another host, over SFTP ({@code sftp:}).
 *
 * <p>Any thread may enter; calls block on the network, each at most for the time limit of its requests. {@code SftpPool}
 * holds the connections of a host, {@code SftpConnection} speaks the protocol (version 3) on one of them,
 * {@code SftpRoot} alone turns a path of the store into one of the server and keeps it inside. It imports
 * {@code io.tiercel.storage}, Apache MINA SSHD, SLF4J and the JDK. Start with {@code SftpStorage}.
 */
@NullMarked
package io.tiercel.storage.sftp;

import org.jspecify.annotations.NullMarked;
