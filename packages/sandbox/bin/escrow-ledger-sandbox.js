#!/usr/bin/env node
// The program is built; a package manager links this file at installation, before there is a build.
import '../dist/bin.js'
