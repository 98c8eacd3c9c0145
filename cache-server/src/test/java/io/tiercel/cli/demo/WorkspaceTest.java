package io.tiercel.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    @Test
    void shouldBeGoneOnceClosed() throws IOException {
        Workspace workspace = Workspace.create();
        Files.writeString(workspace.folder("a/b").resolve("file"), "x");
        Files.writeString(workspace.driverFolder().resolve("cnc.dat"), "x");

        workspace.close();
        workspace.close();

        assertThat(workspace.root()).doesNotExist();
        assertThat(workspace.driverFolder()).doesNotExist();
    }
}
