TableBenchmarks.run()
