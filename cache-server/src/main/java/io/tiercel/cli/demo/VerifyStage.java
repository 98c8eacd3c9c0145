package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.client.Frame;
import io.tiercel.client.Served;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks what is left after a kill and a restart. */
final class VerifyStage implements Stage {
    private final List<String> wrong = new ArrayList<>();

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        List<String> acknowledged = Files.readAllLines(target.acknowledged());
        try (TiercelClient client = target.mapped()) {
            for (String number : acknowledged) {
                check(client, Integer.parseInt(number), true);
            }
            check(client, acknowledged.size(), false); // the put that the kill cut off
            findings.accept(new Check("after kill -9 every acknowledged frame is there, byte for byte",
                    wrong.isEmpty() && !acknowledged.isEmpty(), wrong.isEmpty()
                            ? acknowledged.size() + " frames, and of the one cut off all or nothing"
                            : wrong.size() + " are not, the first: " + wrong.get(0)));
            findings.accept(goneCheck(client));
            findings.accept(survivalCheck(client, target.files()));
        }
    }

    private void check(TiercelClient client, int number, boolean mustBeThere) {
        Key key = PutStage.kept(number);
        try (Frame frame = client.get(key)) {
            if (frame == null ? mustBeThere : !frame.byteBuffer().equals(SeededBytes.of(number))) {
                wrong.add(frame == null ? key + " is missing" : key + " has other bytes");
            }
        }
    }

    private static Check goneCheck(TiercelClient client) {
        int back = 0;
        for (int i = 0; i < PutStage.GONE_COUNT; i++) {
            try (Frame frame = client.get(PutStage.gone(i))) {
                back += frame == null ? 0 : 1;
            }
        }
        return new Check("after kill -9 nothing invalidated comes back", back == 0,
                back + " of " + PutStage.GONE_COUNT + " frames");
    }

    private static Check survivalCheck(TiercelClient client, Path files) throws IOException {
        int survivors = 0;
        List<Path> all = ReadStage.filesUnder(files);
        for (Path file : all) {
            try (Frame frame = client.get(Key.of("files/" + files.relativize(file)))) {
                survivors += frame == null || frame.served() == Served.LOADED ? 0 : 1;
            }
        }
        return new Check("after kill -9 what was loaded before is not loaded again", survivors == all.size(),
                survivors + " of " + all.size() + " files from the tiers");
    }
}
