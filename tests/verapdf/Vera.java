import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates FILE PROFILE pairs; prints a line for each, and below it each rule that was broken. */
public class Vera {
    public static void main(String[] arguments) {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            all &= isCompliant(arguments[i], PDFAFlavour.fromString(arguments[i + 1]));
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean isCompliant(String file, PDFAFlavour profile) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), profile);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println(file + " " + profile + (result.isCompliant() ? " is compliant" : " is NOT compliant"));
            Map<String, Integer> broken = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    broken.merge(rule + " " + assertion.getMessage(), 1, Integer::sum);
                }
            }
            broken.forEach((rule, times) -> System.out.println("    " + times + " x " + rule));
            return result.isCompliant();
        } catch (Exception error) {
            System.out.println(file + " " + profile + " could not be checked: " + error);
            return false;
        }
    }
}
