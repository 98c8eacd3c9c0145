package io.tiercel.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node's status for people: the figures of its JSON in lines. Stateless. */
final class StatusText {
    private StatusText() {}

    static List<String> of(String json) {
        Config status = ConfigFactory.parseString(json, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
        List<String> lines = new ArrayList<>();
        lines.add(String.format("node          %s, version %s, pid %d, up %s", status.getString("node"),
                status.getString("version"), status.getLong("pid"), uptime(status.getLong("uptimeMs"))));
        lines.add(tier("heap", status.getConfig("tiers.heap")));
        Config mapped = status.getConfig("tiers.mapped");
        lines.add(tier("mapped", mapped) + String.format(", %s pinned, %d segments, %d damaged",
                size(mapped.getLong("pinnedBytes")), mapped.getLong("segments"), mapped.getLong("damaged")));
        if (!mapped.getString("state").equals("ok")) {
            lines.add(String.format("%-13s %s: %s", "", mapped.getString("state"), mapped.getString("reason")));
        }
        Config loads = status.getConfig("loads");
        lines.add(String.format("loads         %d active, %d in all, %d failed, %d collapsed, %d skipped, %d passed",
                loads.getLong("active"), loads.getLong("total"), loads.getLong("failed"), loads.getLong("collapsed"),
                loads.getLong("skipped"), loads.getLong("passed")));
        lines.add(String.format("              %d retried, %d revalidated, %d refreshes skipped, %d misses remembered,"
                + " %d streams", loads.getLong("retried"), loads.getLong("revalidated"), loads.getLong(
                        "skippedRefreshes"), loads.getLong("rememberedMisses"), loads.getLong("streams")));
        lines.add(String.format("invalidation  epoch %d, %d prefixes", status.getLong("invalidation.epoch"),
                status.getLong("invalidation.prefixes")));
        Config rebuild = status.getConfig("rebuild");
        if (rebuild.getBoolean("running")) {
            lines.add(String.format("rebuild       %d of %d segments, %d frames found",
                    rebuild.getLong("segmentsDone"), rebuild.getLong("segments"), rebuild.getLong("frames")));
        }
        Config sessions = status.getConfig("sessions");
        lines.add(String.format("sessions      %d refused, %d unmapped, %d revoked, %d quota refusals, %d touches,"
                + " %d abandoned puts", sessions.getLong("refused"), sessions.getLong("unmapped"),
                sessions.getLong("revoked"), sessions.getLong("quotaRefusals"), sessions.getLong("touches"),
                sessions.getLong("abandonedPuts")));
        for (Config store : status.getConfigList("stores")) {
            String mount = store.getString("mount");
            lines.add(String.format("store         %s: %s is %s", mount.isEmpty() ? "(root)" : mount,
                    store.getString("uri"), store.getString("state")));
        }
        for (Config client : status.getConfigList("clients")) {
            lines.add(String.format("client        %d: %s, %s pinned, %d pending", client.getLong("id"),
                    client.getString("mode"), size(client.getLong("pinnedBytes")), client.getLong("pending")));
        }
        return lines;
    }

    private static String tier(String name, Config tier) {
        return String.format("%-13s %s of %s, %d entries, %d hits, %d misses, %d evictions", name,
                size(tier.getLong("usedBytes")), size(tier.getLong("capacityBytes")), tier.getLong("entries"),
                tier.getLong("hits"), tier.getLong("misses"), tier.getLong("evictions"));
    }

    private static String uptime(long milliseconds) {
        Duration up = Duration.ofSeconds(milliseconds / 1000);
        return String.format("%d:%02d:%02d", up.toHours(), up.toMinutesPart(), up.toSecondsPart());
    }

    /** Three digits or so: here it is read, not reckoned with. */
    private static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + "B" : String.format("%.1f%s", amount, units[unit]);
    }
}
