package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountRegisterTest {
    private final MountSettings root = mount("", "cache:");
    private final MountSettings lake = mount("lake", "file:///lake");

    @TempDir
    private Path dir;

    private MountRegister register;

    @BeforeEach
    void open() {
        register = new MountRegister(dir);
    }

    private static MountSettings mount(String prefix, String store) {
        return MountSettings.of(prefix, StoreUri.read(store).uri(), 1);
    }

    @Test
    void shouldNameThePrefixesWithAnotherStore() {
        register.write(List.of(root, lake));

        assertThat(register.changed(List.of(root, lake))).isEmpty();
        assertThat(register.changed(List.of(root, mount("lake", "file:///other"), mount("new", "cache:"))))
                .containsExactly("lake", "new");
        assertThat(register.changed(List.of(root))).containsExactly("lake");
    }

    @Test
    void shouldTrustNoPrefixInTheMidstOfAReloadWhetherItIsKeptOrRemoved() {
        register.write(List.of(root, lake));

        register.suspend(List.of(root), List.of("lake"));

        assertThat(register.changed(List.of(root))).containsExactly("lake");
        assertThat(register.changed(List.of(root, lake))).containsExactly("lake");
    }

    @Test
    void shouldTrustNothingThatIsDamaged() throws IOException {
        assertThat(register.changed(List.of(root))).containsExactly(MountRegister.ROOT);
        register.write(List.of(root, lake));
        byte[] whole = Files.readAllBytes(dir.resolve("mounts"));

        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) 0x80;
            Files.write(dir.resolve("mounts"), damaged);

            assertThat(register.changed(List.of(root, lake))).as("byte %d", i).containsExactly(MountRegister.ROOT);
        }
    }
}
