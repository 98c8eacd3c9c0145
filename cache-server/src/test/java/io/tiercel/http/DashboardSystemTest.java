package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.tiercel.shard.NodeStatusJson;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DashboardSystemTest extends GatewayCase {
    @Test
    void shouldShowAPageThatLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> response = http.send("GET", "/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(field(response, "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(field(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(field(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.body()).startsWith("<!DOCTYPE html>").doesNotContain("@import", "src=", "url(");
        assertThat(matches("([a-z]*:?//[a-z][^'\"]+)", response.body())).as("a name, and nothing else").containsExactly(
                "http://www.w3.org/2000/svg");
        assertThat(matches("(?:href=\"|fetch\\(')([^\"']+)", response.body())).containsExactlyInAnyOrder("/v1/status",
                "/metrics", "/health/ready");
        for (String path : matches("(?:href=\"|fetch\\(')([^\"']+)", response.body())) {
            assertThat(http.send("GET", path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void shouldLetABrowserRunWhatIsInThePageAlone() throws Exception {
        HttpResponse<String> response = http.send("GET", "/");

        String page = response.body();
        assertThat(field(response, "Content-Security-Policy")).isEqualTo("default-src 'none'; script-src " + hash(page,
                "script") + "; style-src " + hash(page, "style")
                + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(page).as("what the policy would not let through").doesNotContainPattern("<[^>]+ (style|on[a-z]+)=");
    }

    private static String hash(String page, String tag) throws Exception {
        String[] parts = page.split("</?" + tag + ">", -1);
        assertThat(parts).as("one " + tag).hasSize(3);
        return "'sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(parts[1]
                .getBytes(StandardCharsets.UTF_8))) + '\'';
    }

    @Test
    void shouldReadNothingThatTheStatusDoesNotTell() throws Exception {
        String page = http.send("GET", "/").body();
        Config status = ConfigFactory.parseString(NodeStatusJson.of(http.shard.status().join()), ConfigParseOptions
                .defaults().setSyntax(ConfigSyntax.JSON));

        TreeSet<String> paths = new TreeSet<>(matches(
                "(?:data-(?:path|part|whole|hits|misses|list)=\"|\\bat\\('|\\b(?:valueIn)\\([a-z]+, ')([^\"']+)",
                page));
        assertThat(paths).hasSizeGreaterThan(40).allSatisfy(path -> assertThat(status.hasPath(path)).as(path).isTrue());
        for (MatchResult table : Pattern.compile("data-list=\"(\\w+)\" data-columns=\"([\\w ]+)\"").matcher(page)
                .results().toList()) {
            ConfigObject row = status.getObjectList(table.group(1)).getFirst();
            assertThat(row.keySet()).as(table.group(1)).contains(table.group(2).split(" ", -1));
        }
        TreeSet<String> inRows = new TreeSet<>(matches("\\b(?:a|b|row)\\['([^']+)'\\]", page));
        assertThat(inRows).isSubsetOf("state", "pinnedBytes");
        assertThat(page).as("no field is read in another way").doesNotContainPattern("\\bjson\\.[a-z]+(?!\\w*\\()\\b");
    }

    @Test
    void shouldAnswerHeadAndRefuseOtherMethods() throws Exception {
        int length = http.send("GET", "/").body().getBytes(StandardCharsets.UTF_8).length;

        assertThat(RawHttp.ask(http.gateway.port(), "HEAD", "/")).startsWith("HTTP/1.1 200").contains(
                "Content-Length: " + length).endsWith("\r\n\r\n");
        HttpResponse<String> posted = http.send("POST", "/");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(field(posted, "Allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/?x=1", "/index.html", "/dashboard.html", "//"})
    void shouldServeItAtTheRootAlone(String path) throws Exception {
        assertThat(RawHttp.ask(http.gateway.port(), "GET", path)).containsPattern("^HTTP/1.1 40[04]");
    }

    private static String field(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).distinct().toList();
    }
}
