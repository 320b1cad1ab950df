Headgate contains the work of others. Each of these lies in lib/ as its authors published it, with their licence and
notices inside where they put them there; of swagger-ui, two files lie in lib/headgate.jar.

<#list dependencyMap as e>
<#assign project = e.getKey()/>
<#if project.groupId != "io.headgate">
${project.groupId}:${project.artifactId} ${project.version}
    ${e.getValue()?join("; or ")}
<#if project.url??>
    ${project.url}
</#if>
</#if>
</#list>
