package io.tiercel.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUriTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadAPostgresUri() {
        JdbcUri uri = JdbcUri.of(URI.create(
                "jdbc:postgresql://db.example:5433/lake?table=raw.blobs&user=reader&sslmode="
                        + "verify-full&connections=3&timeoutMs=2500&keepReplacedMs=7"));

        assertThat(uri.name()).isEqualTo("jdbc:postgresql://db.example:5433/lake?table=raw.blobs");
        assertThat(uri.table()).isEqualTo("raw.blobs");
        assertThat(uri.pool().engine()).isEqualTo(Engine.POSTGRESQL);
        assertThat(uri.pool().url()).isEqualTo("jdbc:postgresql://db.example:5433/lake");
        assertThat(uri.pool().user()).isEqualTo("reader");
        assertThat(uri.pool().driverParameters()).containsOnlyKeys("sslmode");
        assertThat(uri.pool().connections()).isEqualTo(3);
        assertThat(uri.pool().timeoutMs()).isEqualTo(2500);
        assertThat(uri.keeping().replacedMs()).isEqualTo(7);
    }

    @Test
    void shouldReadTheUrisOfH2() {
        JdbcUri file = JdbcUri.of(URI.create("jdbc:h2:file:/srv/with%20blank/db?table=t"));
        JdbcUri memory = JdbcUri.of(URI.create("jdbc:h2:mem:scratch?table=t"));

        assertThat(file.pool().url()).isEqualTo("jdbc:h2:file:/srv/with blank/db");
        assertThat(memory.pool().url()).isEqualTo("jdbc:h2:mem:scratch");
        assertThat(memory.pool().engine()).isEqualTo(Engine.H2);
    }

    @Test
    void shouldShareThePoolAmongTables() {
        JdbcUri one = JdbcUri.of(URI.create("jdbc:postgresql://host/db?table=one&user=u"));
        JdbcUri two = JdbcUri.of(URI.create("jdbc:postgresql://host/db?table=two&user=u"));
        JdbcUri other = JdbcUri.of(URI.create("jdbc:postgresql://host/db?table=one&user=v"));

        assertThat(one.pool()).isEqualTo(two.pool()).isNotEqualTo(other.pool());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mysql://host/db?table=t", "jdbc:postgresql://host/db",
        "jdbc:postgresql://host/?table=t",
        "jdbc:postgresql:db?table=t", "jdbc:postgresql://host/db/more?table=t", "jdbc:postgresql://host/db?table=Upper",
        "jdbc:postgresql://host/db?table=a.b.c", "jdbc:postgresql://host/db?table=t%22%3Bdrop",
        "jdbc:postgresql://host/db?table=a23456789012345678901234567890123456789012345678x",
        "jdbc:postgresql://host/db?table=t&socketFactory=evil", "jdbc:postgresql://host/db?table=t&timeoutMs=10",
        "jdbc:postgresql://host/db?table=t&connections=0", "jdbc:postgresql://host/db?table=t#x",
        "jdbc:h2:mem:?table=t",
        "jdbc:h2:mem:a;INIT=x?table=t", "jdbc:h2:file:relative?table=t", "jdbc:h2:file:/a;INIT=x?table=t",
        "jdbc:h2:file:/dir/?table=t", "jdbc:h2:tcp://host/db?table=t", "jdbc:h2:/tmp/db?table=t",
        "jdbc:h2:file:/db?table=t&sslmode=require"})
    void shouldRefuseWhatItDoesNotTake(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> JdbcUri.of(URI.create(uri)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://me:geheim@host/db?table=t",
        "jdbc:postgresql://host/db?table=t&password=geheim",
        "jdbc:postgresql://host/db?table=t&sslpassword=geheim", "jdbc:h2:file:/db;PASSWORD=geheim?table=t"})
    void shouldRefuseASecretWithoutRepeatingIt(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> JdbcUri.of(URI.create(uri)))
                .withMessageNotContaining("geheim");
    }

    @Test
    void shouldShowNoPassword() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "geheim-4711\n");

        JdbcUri uri = JdbcUri.of(URI.create("jdbc:postgresql://host/db?table=t&passwordFile=" + file));

        assertThat(uri.pool().password()).isNotNull().extracting(secret -> secret.reveal()).isEqualTo("geheim-4711");
        assertThat(uri.toString()).doesNotContain("geheim");
        assertThat(uri.pool().toString()).doesNotContain("geheim");
    }
}
