import java.io.File;
import java.io.IOException;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.SAXException;

/**
 * Prints "valid" or "invalid", a tab and the file's name for each document.
 *
 * Arguments: 1.0 (the JDK's validator) or 1.1 (Xerces of the package xsd-validator), a schema, a folder of documents.
 */
public class Validate {
    public static void main(String[] arguments) throws SAXException, IOException {
        SchemaFactory factory = arguments[0].equals("1.1")
            ? SchemaFactory.newInstance(
                "http://www.w3.org/XML/XMLSchema/v1.1", "org.apache.xerces.jaxp.validation.XMLSchema11Factory", null)
            : SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        Schema schema = factory.newSchema(new File(arguments[1]));
        for (File document : new File(arguments[2]).listFiles()) {
            System.out.println((isValid(schema.newValidator(), document) ? "valid" : "invalid") + "\t" + document.getName());
        }
    }

    private static boolean isValid(Validator validator, File document) throws IOException {
        try {
            validator.validate(new StreamSource(document));
            return true;
        } catch (SAXException fault) {
            return false;
        }
    }
}
