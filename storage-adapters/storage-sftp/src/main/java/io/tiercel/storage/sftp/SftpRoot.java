package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a store, and the one way from a path of the store to one of the server. Threadsafe.
 *
 * <p>The folders of a path are looked at one by one, in one turn, for links: those that end inside the directory work, one
 * that leads out is an invalid path. The protocol knows no open relative to a folder, so that somebody who makes links in the
 * directory at that moment can lead a request out; the server's own limits (a chroot) are what stops that.
 * The folder {@link #HIDDEN} holds unfinished writes and is no part of the store.
 */
final class SftpRoot {
    static final String HIDDEN = ".tiercel-writing";

    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_PATH_LENGTH = 4095;
    private static final int MAX_LINKS = 40;
    private static final int ATTEMPTS = 5;

    private final String directory;
    private final SftpErrors errors;

    /** @param directory without a slash at the end. */
    SftpRoot(String directory, SftpErrors errors) {
        this.directory = directory;
        this.errors = errors;
    }

    /** The directory as the server takes it. */
    String directory() {
        return directory.isEmpty() ? "/" : directory;
    }

    String hidden() {
        return directory + '/' + HIDDEN;
    }

    /** A path as the server takes it; refuses what can be refused without asking. */
    String spelled(StorePath path) {
        if (path.firstSegment().equals(HIDDEN)) {
            throw errors.of(Kind.INVALID_PATH, path, HIDDEN + " is reserved");
        }
        String spelled = path.isRoot() ? directory() : directory + '/' + path;
        boolean isTooLong = lengthOf(spelled) > MAX_PATH_LENGTH
                || Arrays.stream(path.toString().split("/", -1)).anyMatch(name -> lengthOf(name) > MAX_NAME_LENGTH);
        if (isTooLong) {
            throw errors.of(Kind.INVALID_PATH, path, "it is longer than a file system takes");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(spelled)) {
            throw errors.of(Kind.INVALID_PATH, path, "UTF-8 cannot spell it");
        }
        return spelled;
    }

    /**
     * What a path leads to.
     *
     * @throws io.tiercel.storage.StorageException INVALID_PATH when it leads out of the store, or to what is neither file nor
     *     folder.
     */
    Look look(SftpConnection connection, StorePath path) throws IOException {
        Look look = lookAtAll(connection, path);
        SftpStamp stamp = look.stamp();
        if (stamp != null && stamp.kind() == SftpStamp.Kind.SPECIAL) {
            throw errors.of(Kind.INVALID_PATH, path, "it is neither a file nor a folder");
        }
        return look;
    }

    private Look lookAtAll(SftpConnection connection, StorePath path) throws IOException {
        String spelled = spelled(path);
        if (path.isRoot()) {
            return lookAtRoot(connection, spelled);
        }
        List<String> prefixes = prefixes(path);
        List<@Nullable SftpStamp> stamps = connection.look(prefixes);
        for (int i = 0; i < stamps.size(); i++) {
            boolean isLast = i == prefixes.size() - 1;
            SftpStamp stamp = stamps.get(i);
            if (stamp == null) {
                return isLast ? new Look(null, spelled, spelled, false, false) : Look.missing(spelled, false);
            }
            if (stamp.isLink()) {
                return followed(connection, path, isLast);
            }
            if (isLast) {
                return new Look(known(connection, spelled, stamp), spelled, spelled, false, false);
            }
            if (stamp.kind() == SftpStamp.Kind.FILE || stamp.kind() == SftpStamp.Kind.SPECIAL) {
                return Look.missing(spelled, true);
            }
        }
        throw new IOException("fewer answers than questions");
    }

    private static Look lookAtRoot(SftpConnection connection, String spelled) throws IOException {
        try {
            return new Look(connection.follow(spelled), spelled, spelled, false, false);
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e)) {
                return Look.missing(spelled, false);
            }
            throw e;
        }
    }

    private List<String> prefixes(StorePath path) {
        List<String> prefixes = new ArrayList<>();
        String text = path.toString();
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
            prefixes.add(directory + '/' + text.substring(0, slash));
        }
        prefixes.add(directory + '/' + text);
        return prefixes;
    }

    /** Where a server tells no types: what opens as a folder is one. */
    SftpStamp known(SftpConnection connection, String path, SftpStamp stamp) throws IOException {
        if (stamp.kind() != SftpStamp.Kind.UNKNOWN) {
            return stamp;
        }
        try {
            connection.wire().forgetHandle(connection.openFolder(path));
            return stamp.withKind(SftpStamp.Kind.FOLDER);
        } catch (SftpException e) {
            return stamp.withKind(SftpStamp.Kind.FILE);
        }
    }

    /** The long way, for a path with links. */
    private Look followed(SftpConnection connection, StorePath path, boolean isLink) throws IOException {
        String realRoot = realPath(connection, StorePath.ROOT, directory()).real();
        Look target = realPath(connection, path, spelled(path));
        requireInside(path, target.real(), realRoot);
        String place = target.place();
        if (isLink) {
            StorePath parent = path.parent();
            String real = realPath(connection, path, parent == null ? directory() : spelled(parent)).real();
            requireInside(path, real, realRoot);
            place = below(real, path.name());
        }
        SftpStamp stamp = target.stamp();
        return new Look(stamp == null ? null : known(connection, target.real(), stamp), target.real(), place, isLink,
                target.isUnderFile());
    }

    private void requireInside(StorePath path, String real, String realRoot) {
        boolean isInside = realRoot.equals("/") || real.equals(realRoot) || real.startsWith(realRoot + '/');
        String hidden = below(realRoot, HIDDEN);
        if (!isInside || real.equals(hidden) || real.startsWith(hidden + '/')) {
            throw errors.of(Kind.INVALID_PATH, path, "it leads out of the store");
        }
    }

    /** Follows links one by one, since servers differ in whether they do when asked for a real path. */
    private Look realPath(SftpConnection connection, StorePath path, String spelled) throws IOException {
        Deque<String> ahead = new ArrayDeque<>(segments(spelled));
        String at = "/";
        SftpStamp stamp = new SftpStamp(SftpStamp.Kind.FOLDER, 0, SftpStamp.NO_TIME);
        int links = 0;
        while (!ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.equals("..")) {
                at = parent(at);
                continue;
            }
            String next = below(at, name);
            SftpStamp found = connection.look(next);
            if (found == null) {
                return ahead.isEmpty() ? new Look(null, next, next, false, false) : Look.missing(next, false);
            }
            if (found.isLink()) {
                if (++links > MAX_LINKS) {
                    throw errors.of(Kind.INVALID_PATH, path, "its links go in a circle");
                }
                String target = connection.readLink(next);
                at = target.startsWith("/") ? "/" : at;
                segments(target).reversed().forEach(ahead::push);
            } else if (found.isFile() && !ahead.isEmpty()) {
                return Look.missing(next, true);
            } else {
                at = next;
                stamp = found;
            }
        }
        return new Look(stamp, at, at, false, false);
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(name -> !name.isEmpty() && !name.equals(".")).toList();
    }

    private static String below(String folder, String name) {
        return folder.equals("/") ? "/" + name : folder + '/' + name;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /**
     * Makes the folders above a path as far as they are missing.
     *
     * @return where the entry of the path stands or will stand.
     */
    String makeParents(SftpConnection connection, StorePath path) throws IOException {
        StorePath parent = path.parent();
        if (parent == null || parent.isRoot()) {
            return below(directory(), path.name());
        }
        List<String> folders = prefixes(parent);
        List<@Nullable SftpStamp> stamps = connection.look(folders);
        for (int i = 0; i < folders.size(); i++) {
            SftpStamp stamp = i < stamps.size() ? stamps.get(i) : null;
            if (stamp == null) {
                makeFolder(connection, path, folders.get(i));
            } else if (stamp.isLink()) {
                return makeParentsThroughLinks(connection, path);
            } else if (stamp.isFile()) {
                throw errors.of(Kind.INVALID_PATH, path, "a parent is a file");
            }
        }
        return below(folders.getLast(), path.name());
    }

    private String makeParentsThroughLinks(SftpConnection connection, StorePath path) throws IOException {
        String at = directory;
        for (int i = 1; i < path.segmentCount(); i++) {
            StorePath folder = path.first(i);
            Look look = look(connection, folder);
            if (look.stamp() == null) {
                at = at + '/' + folder.name();
                makeFolder(connection, path, at);
            } else {
                at = look.real();
            }
        }
        return below(at.isEmpty() ? "/" : at, path.name());
    }

    /** Makes a folder that others may make, and remove, at the same time. */
    private void makeFolder(SftpConnection connection, StorePath path, String folder) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                connection.makeFolder(folder);
                return;
            } catch (SftpException e) {
                SftpStamp stamp = connection.look(folder);
                if (stamp != null && stamp.isFile()) {
                    throw errors.of(Kind.INVALID_PATH, path, "a parent is a file");
                }
                if (stamp != null) {
                    return;
                }
                if (attempt == ATTEMPTS || !SftpConnection.isPresent(e)) {
                    throw e;
                }
            }
        }
    }

    private static int lengthOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
