package io.tiercel.node;

import io.tiercel.load.ReplacedStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code mounts}: the store whose objects are cached under each prefix, so that what one store had is never served as
 * another's, whatever was configured between two starts. One caller at a time.
 *
 * <pre>
 * tiercel-mounts 1 CRC-32C of all behind this line, as 8 hex digits
 * URI TAB prefix, for each mount; a URI of "?" is that of nobody
 * </pre>
 */
final class MountRegister {
    /** The root, at which everything lies. */
    static final String ROOT = "";

    private static final String HEAD = "tiercel-mounts 1 ";
    private static final String UNKNOWN = "?";

    private final Path file;

    MountRegister(Path dir) {
        file = dir.resolve("mounts");
    }

    /**
     * The prefixes at which another store answers than the register says, or none, or it does not say: in order. A
     * register that is missing or damaged says nothing: then it is the root, and no mount keeps its store.
     */
    ReplacedStores replaced(Collection<MountSettings> mounts) {
        Map<String, String> before = read();
        if (before == null) {
            return ReplacedStores.of(List.of(ROOT), List.of());
        }
        Map<String, String> now = storesOf(mounts);
        TreeSet<String> prefixes = new TreeSet<>(before.keySet());
        prefixes.addAll(now.keySet());
        prefixes.removeIf(prefix -> now.containsKey(prefix) && now.get(prefix).equals(before.get(prefix)));
        TreeSet<String> kept = new TreeSet<>(now.keySet());
        kept.removeAll(prefixes);
        return ReplacedStores.of(prefixes, kept);
    }

    /** Says for good which stores answer from now on; once nothing of others is cached at the prefixes. */
    void write(Collection<MountSettings> mounts) {
        write(storesOf(mounts));
    }

    /** Says for good that at some prefixes another store may answer soon, or does by now. */
    void suspend(Collection<MountSettings> mounts, List<String> prefixes) {
        Map<String, String> stores = storesOf(mounts);
        prefixes.forEach(prefix -> stores.put(prefix, UNKNOWN));
        write(stores);
    }

    private static Map<String, String> storesOf(Collection<MountSettings> mounts) {
        Map<String, String> stores = new LinkedHashMap<>();
        mounts.forEach(mount -> stores.put(mount.prefix(), StoreUri.text(mount.store())));
        return stores;
    }

    private @Nullable Map<String, String> read() {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException | CharacterCodingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("register of mounts cannot be read: file=" + file, e);
        }
        int end = text.indexOf('\n') + 1;
        String body = text.substring(end);
        if (!text.startsWith(HEAD + checksum(body) + '\n')) {
            return null;
        }
        Map<String, String> stores = new LinkedHashMap<>();
        body.lines().forEach(line -> stores.put(line.substring(line.indexOf('\t') + 1), line.substring(0, line.indexOf(
                '\t'))));
        return stores;
    }

    private void write(Map<String, String> stores) {
        StringBuilder body = new StringBuilder();
        stores.forEach((prefix, uri) -> body.append(uri).append('\t').append(prefix).append('\n'));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(HEAD + checksum(body.toString()) + '\n' + body);
        Path unfinished = file.resolveSibling("mounts.new");
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("register of mounts cannot be written: file=" + file, e);
        }
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
