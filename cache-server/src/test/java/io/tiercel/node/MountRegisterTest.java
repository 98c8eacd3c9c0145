package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.load.ReplacedStores;
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

    private List<String> replaced(List<MountSettings> mounts) {
        return register.replaced(mounts).prefixes();
    }

    @Test
    void shouldNameThePrefixesWithAnotherStore() {
        register.write(List.of(root, lake));

        assertThat(replaced(List.of(root, lake))).isEmpty();
        assertThat(replaced(List.of(root, mount("lake", "file:///other"), mount("new", "cache:"))))
                .containsExactly("lake", "new");
        assertThat(replaced(List.of(root))).containsExactly("lake");
    }

    @Test
    void shouldTrustNoPrefixInTheMidstOfAReloadWhetherItIsKeptOrRemoved() {
        register.write(List.of(root, lake));

        register.suspend(List.of(root), List.of("lake"));

        assertThat(replaced(List.of(root))).containsExactly("lake");
        assertThat(replaced(List.of(root, lake))).containsExactly("lake");
    }

    @Test
    void shouldNameTheMountsUnderThemThatKeepTheirs() {
        MountSettings deep = mount("lake/deep", "file:///deep");
        MountSettings beside = mount("lakeside", "file:///side");
        register.write(List.of(root, lake, deep, beside));

        ReplacedStores replaced = register.replaced(List.of(root, mount("lake", "file:///other"), deep, beside));

        assertThat(replaced.prefixes()).containsExactly("lake");
        assertThat(replaced.kept()).containsExactly("lake/deep");
        assertThat(replaced.covers(Key.of("lake/x"))).isTrue();
        assertThat(replaced.covers(Key.of("lake/deeper"))).isTrue();
        assertThat(replaced.covers(Key.of("lake/deep/x"))).isFalse();
        assertThat(replaced.covers(Key.of("lakeside/x"))).isFalse();
    }

    @Test
    void shouldTrustNothingThatIsDamaged() throws IOException {
        assertThat(replaced(List.of(root))).containsExactly(MountRegister.ROOT);
        assertThat(register.replaced(List.of(root, lake)).kept()).as("nobody knows whose frames there are").isEmpty();
        register.write(List.of(root, lake));
        byte[] whole = Files.readAllBytes(dir.resolve("mounts"));

        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) 0x80;
            Files.write(dir.resolve("mounts"), damaged);

            assertThat(replaced(List.of(root, lake))).as("byte %d", i).containsExactly(MountRegister.ROOT);
        }
    }
}
