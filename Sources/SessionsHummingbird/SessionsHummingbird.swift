internal import Hummingbird
enum Base {}
