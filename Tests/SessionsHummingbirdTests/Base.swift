import Hummingbird
import HummingbirdTesting
enum Base {}
